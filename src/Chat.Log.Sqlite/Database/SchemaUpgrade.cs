using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// Upgrades a database of an older version in one transaction: a power failure leaves either the old version or the new one. A step takes
/// the same short time for any size of database; longer work is left to the running server.
/// </summary>
internal static class SchemaUpgrade
{
    // A released step is never changed: whatever later versions do, the databases that it upgrades stay as the older program wrote them.
    private static readonly (int Version, string Sql)[] s_steps =
    [
        // Existing entries get their checksum from `log compact` or `log reindex`.
        (2, "ALTER TABLE entry ADD COLUMN checksum INTEGER"),

        // Takes the index of whole words out of use. The server then rebuilds the search index as it does after damage.
        (3, """
            DROP TRIGGER IF EXISTS message_added;
            DROP TRIGGER IF EXISTS message_removed;
            INSERT OR REPLACE INTO meta (key, value) VALUES ('indexed_through', -1);
            """),

        (4, """
            CREATE TABLE password (user_id TEXT PRIMARY KEY, hash TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE reset_link (
                user_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE external_identity (
                issuer TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (issuer, subject)) WITHOUT ROWID;
            CREATE INDEX external_identity_user ON external_identity (user_id);
            """),

        (5, """
            CREATE TABLE invitation_link (token_sha256 TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE appointment (nick TEXT PRIMARY KEY, made_at INTEGER NOT NULL) WITHOUT ROWID;
            """),

        (6, """
            CREATE TABLE email_address (user_id TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE email_link (
                user_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE, address TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
            """),

        (7, """
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
            """),

        (8, """
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
            """),
    ];

    internal static long VersionOf(SqliteConnection connection) => connection.Scalar<long>("PRAGMA user_version");

    /// <summary>Copies and upgrades a database. Does nothing if it already has this version.</summary>
    /// <param name="path">The database file; the copy is written next to it.</param>
    /// <param name="copies">Whether to copy it first.</param>
    /// <returns>What was done; null if nothing was.</returns>
    /// <exception cref="LogStartException">The copy does not fit on the disk or cannot be written. The database is unchanged.</exception>
    internal static Upgraded? Run(SqliteConnection connection, string path, bool copies, TimeProvider time)
    {
        long from = VersionOf(connection);
        if (from >= Schema.Version)
            return null;
        string? copy = copies ? UpgradeCopy.Write(connection, path, from, time) : null;
        Run(connection);
        UpgradeCopy.RemoveOld(path);
        return new Upgraded(from, copy);
    }

    /// <summary>Upgrades a database that is itself a copy.</summary>
    internal static void Run(SqliteConnection connection)
    {
        long from = VersionOf(connection);
        if (from >= Schema.Version)
            return;
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach ((int version, string sql) in s_steps)
            {
                if (version > from)
                    connection.Execute(sql);
            }

            connection.Execute($"PRAGMA user_version = {Schema.Version}");
            connection.Execute("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }
}

/// <summary>An upgrade that was done.</summary>
/// <param name="From">The old version.</param>
/// <param name="Copy">The copy of the database from before the upgrade; null if none was wanted.</param>
internal sealed record Upgraded(long From, string? Copy);
