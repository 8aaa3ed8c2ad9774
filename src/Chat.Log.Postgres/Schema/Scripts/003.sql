-- What proves that somebody is a member, beside the log. A program of version 2 knows no members and does without it. The times are units of
-- 100 ns since 1970, by the clock of the node that wrote them.
CREATE TABLE password (
    user_id text PRIMARY KEY COLLATE "C",
    hash text NOT NULL,
    changed_at bigint NOT NULL);
CREATE TABLE reset_link (
    user_id text PRIMARY KEY COLLATE "C",           -- a new link replaces the previous one
    token_sha256 text NOT NULL UNIQUE COLLATE "C",
    expires bigint NOT NULL);
CREATE TABLE external_identity (
    issuer text NOT NULL COLLATE "C",
    subject text NOT NULL COLLATE "C",
    user_id text NOT NULL COLLATE "C",
    PRIMARY KEY (issuer, subject));
CREATE INDEX external_identity_user ON external_identity (user_id);
