-- The passwords that sessions have tried within the last two minutes, by which the nodes charge each other's limits. A program of version 1
-- does without it, and counts only its own.
CREATE TABLE password_try (
    origin text NOT NULL COLLATE "C",       -- the run of the node that checked it
    number bigint NOT NULL,                 -- rises with every try of this run
    session text NOT NULL COLLATE "C",      -- the SHA-256 of its token
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (origin, number));
