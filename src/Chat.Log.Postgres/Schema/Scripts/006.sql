-- What was done to messages last, and the texts that they had before. They follow from the log. A program of version 5 does without them:
-- it shows messages as they are now, without saying that they were edited. No message can be edited or deleted while such a program is a
-- node.
CREATE TABLE message_change (
    message bigint PRIMARY KEY,
    room text COLLATE "C",                  -- as in message
    sequence bigint NOT NULL,               -- the entry that did it
    at bigint NOT NULL,
    kind int NOT NULL);                     -- 0: edited; 1: deleted by its author; 2: deleted by a moderator
CREATE INDEX message_change_room ON message_change (room, sequence);
CREATE TABLE earlier_text (
    message bigint NOT NULL,
    sequence bigint NOT NULL,               -- the entry that replaced it
    at bigint NOT NULL,                     -- when it was written
    text text NOT NULL,                     -- empty in private messages, and once the message was deleted
    PRIMARY KEY (message, sequence));
