-- E-mail addresses of members, to which links for a new password are sent, and links with which members confirm them. Only members with a
-- password have one, and it goes with the password: a program of version 4 does not know these tables, but erases passwords. The times are
-- units of 100 ns since 1970, by the clock of the node that wrote them.
CREATE TABLE email_address (
    user_id text PRIMARY KEY COLLATE "C" REFERENCES password ON DELETE CASCADE,
    address text NOT NULL);
CREATE TABLE email_link (
    user_id text PRIMARY KEY COLLATE "C" REFERENCES password ON DELETE CASCADE,  -- a new link replaces the previous one
    token_sha256 text NOT NULL UNIQUE COLLATE "C",
    address text NOT NULL,
    expires bigint NOT NULL);

-- A new password voids the link. A program of version 4 sets passwords too. What only renews the hash leaves the time.
CREATE FUNCTION password_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM email_link WHERE user_id = NEW.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER password_changed AFTER UPDATE OF changed_at ON password FOR EACH ROW EXECUTE FUNCTION password_changed();
