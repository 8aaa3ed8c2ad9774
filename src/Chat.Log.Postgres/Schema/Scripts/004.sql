-- Links that invite people to register, and members whom the operator has made administrators until a node has carried that out. A program of
-- version 3 does without them. The times are units of 100 ns since 1970, by the clock of the machine that wrote them.
CREATE TABLE invitation_link (
    token_sha256 text PRIMARY KEY COLLATE "C",
    expires bigint NOT NULL);
CREATE TABLE appointment (
    nick text PRIMARY KEY COLLATE "C",
    made_at bigint NOT NULL);
