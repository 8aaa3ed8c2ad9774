-- The first version of the database. Each script runs once, in a transaction, under the advisory lock of the migrations.

-- Known keys: epoch, the identity of the log; schema, the number of the newest script; schema_readable_by, the oldest program that may use
-- this database, by the scripts that it knows; history_through, the newest entry whose message is in the history.
CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO meta VALUES
    ('epoch', replace(gen_random_uuid()::text, '-', '')),
    ('schema_readable_by', '1'),
    ('history_through', '0');

-- The log. Rows are added only by log_append, after the newest one, without gaps. Retention removes the oldest ones and never the newest,
-- because the next sequence follows from it.
CREATE TABLE entry (
    sequence bigint PRIMARY KEY,
    origin text NOT NULL COLLATE "C",       -- with counter, the command id: it identifies an entry whose append is repeated
    counter bigint NOT NULL,
    kind text NOT NULL,
    at bigint NOT NULL,                     -- units of 100 ns since 1970, by the clock of the node that wrote it
    body text NOT NULL,
    UNIQUE (origin, counter));

-- The nodes: a row for each run of each node, which it updates every two seconds. The times are the server's, so the nodes' clocks do not
-- matter. The key cookie of meta has a salted hash of the secret that the nodes share.
CREATE TABLE node (
    origin text PRIMARY KEY COLLATE "C",    -- the origin of the entries of this run
    name text NOT NULL COLLATE "C",
    address text NOT NULL DEFAULT '',
    version text NOT NULL DEFAULT '',
    kinds text[] NOT NULL DEFAULT '{}',     -- the kinds of entries that it knows
    started timestamptz NOT NULL DEFAULT now(),
    beat timestamptz NOT NULL DEFAULT now(),
    applied bigint NOT NULL DEFAULT 0,      -- the entry it has applied last: retention keeps what a live node has yet to read
    lag double precision NOT NULL DEFAULT 0,    -- seconds since the first entry that it had not applied yet was written
    sessions int NOT NULL DEFAULT 0,
    parked int NOT NULL DEFAULT 0,
    closed boolean NOT NULL DEFAULT false,  -- it has stopped, or the others have given it up: log_append refuses what this run still writes
    stopped boolean NOT NULL DEFAULT false) -- it has stopped by itself
    WITH (fillfactor = 50);
CREATE UNIQUE INDEX node_name ON node (name) WHERE NOT closed;

-- Which node does the work that only one node at a time should do. For some seconds two nodes may believe that they hold a lease, so such
-- work must do no harm when done twice. This is not an advisory lock: a frozen node would keep one for ever, and a fail-over would lose it.
CREATE TABLE lease (
    name text PRIMARY KEY COLLATE "C",
    holder text NOT NULL COLLATE "C",       -- the origin of a run of a node
    beat timestamptz NOT NULL DEFAULT now(),
    term bigint NOT NULL DEFAULT 1) WITH (fillfactor = 50);

-- Copies of the state. The parts of 256 KiB come first, each in a transaction of its own because appends wait behind large commits. The row
-- in snapshot says that they are complete.
CREATE TABLE snapshot (
    sequence bigint PRIMARY KEY,
    format int NOT NULL,
    parts int NOT NULL,
    sha256 bytea NOT NULL,
    made timestamptz NOT NULL DEFAULT now());
CREATE TABLE snapshot_part (sequence bigint, part int, bytes bytea NOT NULL, PRIMARY KEY (sequence, part));
ALTER TABLE snapshot_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The messages, for history and search. They follow from the log.
CREATE TABLE message (
    sequence bigint PRIMARY KEY,
    kind text NOT NULL,
    at bigint NOT NULL,
    room text COLLATE "C",                  -- canonical; null for a private message
    room_name text,
    nick text NOT NULL,
    name text NOT NULL,
    user_id text NOT NULL,
    to_nick text,
    to_name text,
    to_user_id text,
    text text NOT NULL,
    words tsvector);                        -- computed by the program, not by a parser of PostgreSQL; null for topics
CREATE INDEX message_room ON message (room, sequence) WHERE room IS NOT NULL;
-- What waits to be sorted into the index: with 256 kB, inserts take 2.5 times as long; a search reads all of it.
CREATE INDEX message_words ON message USING gin (words) WITH (gin_pending_list_limit = 1024);
CREATE TABLE participant (
    session bytea NOT NULL,
    other text NOT NULL COLLATE "C",        -- the other's nick in lower case
    sequence bigint NOT NULL,
    own boolean NOT NULL,
    PRIMARY KEY (session, sequence));
CREATE INDEX participant_other ON participant (session, other, sequence);
CREATE INDEX participant_sequence ON participant (sequence);

-- Appends the next entries of one origin, or finds that they are already there. Returns the sequence of the last of them; the others have
-- the sequences just before it. A caller repeats a batch unchanged until it is answered, so either all of it is there or nothing.
--   p_acked         the counter of the origin's last entry that was acknowledged to this caller; null if there is none
--   p_acked_at      the sequence of that entry
--   p_counter       the counters of the batch, ascending. Refused commands leave gaps, so p_acked says what must be there
-- EL001: an acknowledged entry is gone, or the batch does not follow. EL002: the other nodes have declared the caller dead.
-- The lock is held until the commit is visible, so sequences become visible in their order. There is no row that every append updates:
-- such a row gets slower with every append while some transaction holds a snapshot, such as pg_dump's. There is no NOTIFY either: a
-- listener could read rows that a fail-over then takes away, so the announcement is a transaction after this one.
CREATE FUNCTION log_append(
    p_origin text, p_acked bigint, p_acked_at bigint, p_counter bigint[], p_kind text[], p_at bigint[], p_body text[])
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n int := cardinality(p_counter);
    head bigint;
    own_at bigint;
    own_counter bigint;
BEGIN
    -- Each statement after this one has a snapshot that was taken under the lock.
    PERFORM pg_advisory_xact_lock(4711);
    SELECT sequence, counter INTO own_at, own_counter FROM entry WHERE origin = p_origin ORDER BY counter DESC LIMIT 1;
    IF own_counter = p_counter[n] THEN
        -- A repeated batch. It must write something, or its commit would not wait for the synchronous standby.
        PERFORM pg_logical_emit_message(true, 'erlchat', '');
        RETURN own_at;
    END IF;
    IF own_counter >= p_counter[1] THEN
        RAISE EXCEPTION 'the log has entry % of origin %, so % cannot follow', own_counter, p_origin, p_counter[1] USING ERRCODE = 'EL001';
    END IF;
    -- Retention may have removed the acknowledged entry, but then everything before it too.
    IF p_acked IS NOT NULL AND own_counter IS DISTINCT FROM p_acked
        AND (own_counter IS NOT NULL OR p_acked_at >= (SELECT coalesce(min(sequence), 0) FROM entry)) THEN
        RAISE EXCEPTION 'entry % of origin % was acknowledged and is not in the log', p_acked, p_origin USING ERRCODE = 'EL001';
    END IF;
    IF EXISTS (SELECT FROM node WHERE origin = p_origin AND closed) THEN
        RAISE EXCEPTION 'the other nodes have declared origin % dead', p_origin USING ERRCODE = 'EL002';
    END IF;
    SELECT coalesce(max(sequence), 0) INTO head FROM entry;
    INSERT INTO entry (sequence, origin, counter, kind, at, body)
        SELECT head + i, p_origin, c, k, a, b
        FROM unnest(p_counter, p_kind, p_at, p_body) WITH ORDINALITY AS t (c, k, a, b, i);
    RETURN head + n;
END $$;
