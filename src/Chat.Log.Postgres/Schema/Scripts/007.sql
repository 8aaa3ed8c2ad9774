-- Who reacted to messages, and the last entry that changed the reactions to each. They follow from the log. A program of version 6 does
-- without them. Nobody can react while such a program is a node.
CREATE TABLE reaction (
    message bigint NOT NULL,
    user_id text NOT NULL,
    emoji text NOT NULL,
    nick text NOT NULL,
    since bigint NOT NULL,                  -- the entry that added it
    at bigint NOT NULL,
    PRIMARY KEY (message, user_id, emoji));
CREATE INDEX reaction_user ON reaction (user_id, message);
CREATE TABLE message_reacted (
    message bigint PRIMARY KEY,
    room text COLLATE "C",                  -- as in message
    sequence bigint NOT NULL,
    at bigint NOT NULL);
CREATE INDEX message_reacted_room ON message_reacted (room, sequence);
