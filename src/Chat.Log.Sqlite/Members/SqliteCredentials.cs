using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Members;

/// <summary>The credentials in tables next to the log, so that every backup has them.</summary>
/// <remarks>
/// Thread-safe. Writes run one at a time on the writer's thread, each in a transaction of its own that waits for the disk: what was
/// answered stays, whatever happens to the machine.
/// </remarks>
internal sealed partial class SqliteCredentials(ChatDatabase database) : ICredentialStore
{
    public ValueTask<StoredPassword?> FindPasswordAsync(string userId, CancellationToken cancellationToken) => database.Readers.UseAsync(
        connection =>
        {
            using SqliteCommand command = connection.Command(
                "SELECT hash, changed_at FROM password WHERE user_id = $user", ("$user", userId));
            using SqliteDataReader row = command.ExecuteReader();
            return row.Read() ? new StoredPassword(row.GetString(0), UnixTime.At(row.GetInt64(1))) : null;
        },
        cancellationToken);

    public ValueTask<bool> ReplacePasswordAsync(string userId, string? from, StoredPassword? to) => WriteAsync(connection =>
    {
        if (!Replace(connection, userId, from, to))
            return false;
        VoidLinks(connection, userId);
        return true;
    });

    public async ValueTask RenewHashAsync(string userId, string from, string to) => await WriteAsync(connection => connection.Execute(
        "UPDATE password SET hash = $to WHERE user_id = $user AND hash = $from", ("$user", userId), ("$from", from), ("$to", to)));

    public async ValueTask PutResetLinkAsync(ResetLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        await WriteAsync(connection => connection.Execute(
            "INSERT OR REPLACE INTO reset_link (user_id, token_sha256, expires) VALUES ($user, $token, $expires)",
            ("$user", link.UserId),
            ("$token", link.TokenHash),
            ("$expires", UnixTime.Of(link.Expires))));
    }

    public ValueTask<string?> FindResetLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => FindLink(connection, tokenHash, now), cancellationToken);

    public ValueTask<string?> UseResetLinkAsync(string tokenHash, DateTimeOffset now, StoredPassword to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return WriteAsync(connection =>
        {
            if (FindLink(connection, tokenHash, now) is not { } userId)
                return null;
            VoidLinks(connection, userId);
            Put(connection, userId, to);
            return userId;
        });
    }

    public ValueTask<string?> AddIdentityAsync(ExternalIdentity identity, string userId)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return WriteAsync(connection =>
        {
            connection.Execute(
                "INSERT OR IGNORE INTO external_identity (issuer, subject, user_id) SELECT $issuer, $subject, $user "
                + "WHERE (SELECT count(*) FROM external_identity WHERE user_id = $user) < $most",
                ("$issuer", identity.Issuer),
                ("$subject", identity.Subject),
                ("$user", userId),
                ("$most", ExternalIdentity.MaxPerMember));
            return FindIdentity(connection, identity);
        });
    }

    public ValueTask<string?> FindIdentityAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return database.Readers.UseAsync(connection => FindIdentity(connection, identity), cancellationToken);
    }

    public ValueTask<IReadOnlyList<ExternalIdentity>> IdentitiesOfAsync(string userId, CancellationToken cancellationToken) => ListAsync(
        "SELECT issuer, subject FROM external_identity WHERE user_id = $user",
        static row => new ExternalIdentity(row.GetString(0), row.GetString(1)),
        cancellationToken,
        ("$user", userId));

    public async ValueTask RemoveIdentitiesAsync(string userId) => await WriteAsync(connection => connection.Overwriting(one =>
    {
        Remove(one, "external_identity", userId);
        return true;
    }));

    public async ValueTask EraseAsync(string userId) => await WriteAsync(connection => connection.Overwriting(one =>
    {
        foreach (string table in CredentialTables.OfMembers)
            Remove(one, table, userId);
        return true;
    }));

    /// <summary>Removes the links of a member: the reset link, and the one of an e-mail address.</summary>
    private static void VoidLinks(SqliteConnection connection, string userId)
    {
        Remove(connection, "reset_link", userId);
        Remove(connection, "email_link", userId);
    }

    private static void Remove(SqliteConnection connection, string table, string userId) =>
        connection.Execute($"DELETE FROM {table} WHERE user_id = $user", ("$user", userId));

    private static bool Replace(SqliteConnection connection, string userId, string? from, StoredPassword? to)
    {
        string? there = connection.Scalar<string>("SELECT hash FROM password WHERE user_id = $user", ("$user", userId));
        if (there != from && there != to?.Hash)
            return false;
        if (to is null)
        {
            Remove(connection, "password", userId);
            Remove(connection, "email_address", userId);
            return true;
        }

        Put(connection, userId, to);
        return true;
    }

    private static void Put(SqliteConnection connection, string userId, StoredPassword password) => connection.Execute(
        "INSERT OR REPLACE INTO password (user_id, hash, changed_at) VALUES ($user, $hash, $at)",
        ("$user", userId),
        ("$hash", password.Hash),
        ("$at", UnixTime.Of(password.ChangedAt)));

    private static string? FindLink(SqliteConnection connection, string tokenHash, DateTimeOffset now) => connection.Scalar<string>(
        "SELECT user_id FROM reset_link WHERE token_sha256 = $token AND expires > $now",
        ("$token", tokenHash),
        ("$now", UnixTime.Of(now)));

    private static string? FindIdentity(SqliteConnection connection, ExternalIdentity identity) => connection.Scalar<string>(
        "SELECT user_id FROM external_identity WHERE issuer = $issuer AND subject = $subject",
        ("$issuer", identity.Issuer),
        ("$subject", identity.Subject));

    private ValueTask<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        Func<SqliteDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters) =>
        database.Readers.UseAsync<IReadOnlyList<T>>(
            connection =>
            {
                var all = new List<T>();
                using SqliteCommand command = connection.Command(sql, parameters);
                using SqliteDataReader rows = command.ExecuteReader();
                while (rows.Read())
                    all.Add(read(rows));
                return all;
            },
            cancellationToken);

    private async ValueTask<T> WriteAsync<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return await database.Writer.RunAsync(work, synced: true);
        }
        catch (SqliteException e)
        {
            throw new LogUnavailableException("The credentials cannot be written: " + e.Message, e);
        }
    }
}
