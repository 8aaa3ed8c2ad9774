using ErlChat.History;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>The tables, explained in docs/durability.md.</summary>
internal static class Schema
{
    /// <summary>The application id in the file's header: "ErlC".</summary>
    internal const int ApplicationId = 0x45726C43;

    /// <summary>Rises with every change that an older program would misread. docs/upgrading.md lists what each version changed.</summary>
    internal const int Version = 8;

    /// <summary>The first version whose entries have checksums.</summary>
    internal const int WithChecksums = 2;

    /// <summary>The first version whose search index contains parts of words.</summary>
    internal const int WithPartsOfWords = 3;

    /// <summary>The first version with tables for the members' credentials.</summary>
    internal const int WithCredentials = 4;

    /// <summary>The first version with tables for invitations and appointments.</summary>
    internal const int WithInvitations = 5;

    /// <summary>The first version with tables for the members' e-mail addresses.</summary>
    internal const int WithEmails = 6;

    /// <summary>The first version with tables for what was done to messages.</summary>
    internal const int WithChanges = 7;

    /// <summary>The first version with tables for reactions.</summary>
    internal const int WithReactions = 8;

    /// <summary>
    /// The application id in the header of a backup, "ErlB", so that no program opens it as the log before it is restored.
    /// </summary>
    internal const int BackupId = 0x45726C42;

    /// <summary>The oldest version that <see cref="SchemaUpgrade"/> brings up to this program's.</summary>
    private const int OldestVersion = 1;

    /// <summary>
    /// The index of messages: every sequence of three characters (trigram) in the <see cref="SearchText"/> of each. It stores neither the
    /// text, which is in the table, nor where the trigrams are, so it tells which messages may match. The text then tells which do.
    /// </summary>
    internal const string MessageText = """
        CREATE VIRTUAL TABLE message_text USING fts5 (
            text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1');
        """;

    /// <summary>
    /// Removes a message from the index, whichever program deletes it. Only this program can add one, since SQLite cannot compute its <see
    /// cref="SearchText"/>.
    /// </summary>
    internal const string MessageTrigger = """
        CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.kind <> 'topic' BEGIN
            DELETE FROM message_text WHERE rowid = old.sequence;
        END;
        """;

    // The writer assigns the sequence. AUTOINCREMENT remembers the highest one even if an operator deletes rows.
    private const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE entry (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            origin TEXT NOT NULL,
            counter INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,
            checksum INTEGER);
        CREATE TABLE snapshot (
            sequence INTEGER PRIMARY KEY,
            format INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            image BLOB NOT NULL);
        CREATE TABLE message (
            sequence INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            at INTEGER NOT NULL,
            room TEXT,
            room_name TEXT,
            nick TEXT NOT NULL,
            name TEXT NOT NULL,
            user_id TEXT NOT NULL,
            to_nick TEXT,
            to_name TEXT,
            to_user_id TEXT,
            text TEXT NOT NULL);
        CREATE INDEX message_room ON message (room, sequence) WHERE room IS NOT NULL;
        CREATE TABLE participant (
            session BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            own INTEGER NOT NULL,
            PRIMARY KEY (session, sequence)) WITHOUT ROWID;
        CREATE INDEX participant_sequence ON participant (sequence);
        """;

    /// <summary>
    /// What was done to messages last, and the texts that they had before. In tables of their own: to a table that has rows, no index can
    /// be added in a short time.
    /// </summary>
    private const string Changes = """
        CREATE TABLE message_change (
            message INTEGER PRIMARY KEY,
            room TEXT,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind INTEGER NOT NULL);
        CREATE INDEX message_change_room ON message_change (room, sequence);
        CREATE TABLE earlier_text (
            message INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (message, sequence)) WITHOUT ROWID;
        """;

    /// <summary>
    /// Who reacted to messages, and the last entry that changed the reactions to each. In tables of their own, for the same reason.
    /// </summary>
    private const string Reactions = """
        CREATE TABLE reaction (
            message INTEGER NOT NULL,
            user_id TEXT NOT NULL,
            emoji TEXT NOT NULL,
            nick TEXT NOT NULL,
            since INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (message, user_id, emoji)) WITHOUT ROWID;
        CREATE INDEX reaction_user ON reaction (user_id, message);
        CREATE TABLE message_reacted (
            message INTEGER PRIMARY KEY,
            room TEXT,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL);
        CREATE INDEX message_reacted_room ON message_reacted (room, sequence);
        """;

    /// <summary>Creates the tables in an empty database, and a new epoch for it.</summary>
    internal static void Create(SqliteConnection connection, string epoch)
    {
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute(Tables);
        connection.Execute(MessageText);
        connection.Execute(MessageTrigger);
        connection.Execute(Changes);
        connection.Execute(Reactions);
        connection.Execute(CredentialTables.Create);
        connection.Execute("INSERT INTO meta (key, value) VALUES ('epoch', $epoch)", ("$epoch", epoch));
        connection.Execute($"PRAGMA application_id = {ApplicationId}");
        connection.Execute($"PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }

    /// <summary>Whether the database is a log that this program can read; false when it is empty.</summary>
    /// <param name="connection">A connection to the file.</param>
    /// <param name="path">The name of the file, for messages.</param>
    /// <param name="orBackup">Whether a backup is accepted too.</param>
    /// <exception cref="LogStartException">The file is something else. It was not changed.</exception>
    internal static bool IsThere(SqliteConnection connection, string path, bool orBackup = false)
    {
        long id = connection.Scalar<long>("PRAGMA application_id");
        long version = connection.Scalar<long>("PRAGMA user_version");
        if (id == 0 && version == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_master") == 0)
            return false;
        if (id == BackupId && !orBackup)
        {
            throw new LogStartException(
                $"{path} is a backup: `log restore` puts it in place. It was left as it is; see docs/durability.md.");
        }

        if (id != ApplicationId && id != BackupId)
            throw new LogStartException($"{path} is a database of another program.");
        if (version is < OldestVersion or > Version)
        {
            throw new LogStartException(
                $"{path} has schema version {version}, this program knows {Version}. It was left as it is: start the newer program, "
                + "or go back to the copy from before the upgrade; see docs/upgrading.md.");
        }

        return true;
    }
}
