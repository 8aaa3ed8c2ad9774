using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Postgres.Connections;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Members;

/// <summary>The credentials in tables that all nodes share.</summary>
/// <remarks>
/// Thread-safe. Each write is one statement or one transaction, and rows decide between nodes. No write is cancelled once it is sent
/// (<see cref="Primary"/>). A write to several tables takes a member's rows in one order, so that no two wait for each other: the reset
/// link, the password, and then the link of an e-mail address and the address. A new password voids the link (005.sql).
/// </remarks>
internal sealed partial class PostgresCredentials(Primary primary, PostgresLogOptions options) : ICredentialStore
{
    public ValueTask<StoredPassword?> FindPasswordAsync(string userId, CancellationToken cancellationToken) => AnsweredAsync(
        async connection =>
        {
            await using NpgsqlCommand select = Command(
                connection, "SELECT hash, changed_at FROM password WHERE user_id = $1", userId);
            await using NpgsqlDataReader row = await select.ExecuteReaderAsync();
            return await row.ReadAsync() ? new StoredPassword(row.GetString(0), UnixTime.At(row.GetInt64(1))) : null;
        },
        options.ReadTimeout,
        cancellationToken);

    public ValueTask<bool> ReplacePasswordAsync(string userId, string? from, StoredPassword? to) => WriteAsync(async connection =>
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await VoidResetLinkAsync(connection, userId);

        // Otherwise, the transaction ends without a commit.
        if (!await ReplaceAsync(connection, userId, from, to))
            return false;
        await transaction.CommitAsync();
        return true;
    });

    public async ValueTask RenewHashAsync(string userId, string from, string to) => await WriteAsync(connection => ExecuteAsync(
        connection, "UPDATE password SET hash = $3 WHERE user_id = $1 AND hash = $2", userId, from, to));

    public async ValueTask PutResetLinkAsync(ResetLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        await WriteAsync(connection => ExecuteAsync(
            connection,
            """
            INSERT INTO reset_link (user_id, token_sha256, expires) VALUES ($1, $2, $3)
            ON CONFLICT (user_id) DO UPDATE SET token_sha256 = EXCLUDED.token_sha256, expires = EXCLUDED.expires
            """,
            link.UserId,
            link.TokenHash,
            UnixTime.Of(link.Expires)));
    }

    public ValueTask<string?> FindResetLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        AnsweredAsync(
            connection => ScalarAsync(
                connection, "SELECT user_id FROM reset_link WHERE token_sha256 = $1 AND expires > $2", tokenHash, UnixTime.Of(now)),
            options.ReadTimeout,
            cancellationToken);

    /// <remarks>The one whose DELETE removes the row has the link; another one waits for it and then finds none.</remarks>
    public ValueTask<string?> UseResetLinkAsync(string tokenHash, DateTimeOffset now, StoredPassword to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return WriteAsync(connection => ScalarAsync(
            connection,
            """
            WITH used AS (DELETE FROM reset_link WHERE token_sha256 = $1 AND expires > $2 RETURNING user_id)
            INSERT INTO password (user_id, hash, changed_at) SELECT user_id, $3, $4 FROM used
            ON CONFLICT (user_id) DO UPDATE SET hash = EXCLUDED.hash, changed_at = EXCLUDED.changed_at
            RETURNING user_id
            """,
            tokenHash,
            UnixTime.Of(now),
            to.Hash,
            UnixTime.Of(to.ChangedAt)));
    }

    /// <remarks>An INSERT that meets another node's waits for it, so the second statement sees whose the identity is.</remarks>
    public ValueTask<string?> AddIdentityAsync(ExternalIdentity identity, string userId)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return WriteAsync(async connection =>
        {
            await ExecuteAsync(
                connection,
                """
                INSERT INTO external_identity (issuer, subject, user_id) SELECT $1, $2, $3
                WHERE (SELECT count(*) FROM external_identity WHERE user_id = $3) < $4 ON CONFLICT DO NOTHING
                """,
                identity.Issuer,
                identity.Subject,
                userId,
                (long)ExternalIdentity.MaxPerMember);
            return await FindAsync(connection, identity);
        });
    }

    public ValueTask<string?> FindIdentityAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return AnsweredAsync(connection => FindAsync(connection, identity), options.ReadTimeout, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ExternalIdentity>> IdentitiesOfAsync(string userId, CancellationToken cancellationToken) => ListAsync(
        "SELECT issuer, subject FROM external_identity WHERE user_id = $1",
        static row => new ExternalIdentity(row.GetString(0), row.GetString(1)),
        cancellationToken,
        userId);

    public async ValueTask RemoveIdentitiesAsync(string userId) => await WriteAsync(connection => ExecuteAsync(
        connection, "DELETE FROM external_identity WHERE user_id = $1", userId));

    /// <remarks>The e-mail address and its link go with the password (005.sql).</remarks>
    public async ValueTask EraseAsync(string userId) => await WriteAsync(async connection =>
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await VoidResetLinkAsync(connection, userId);
        await ExecuteAsync(connection, "DELETE FROM password WHERE user_id = $1", userId);
        await ExecuteAsync(connection, "DELETE FROM external_identity WHERE user_id = $1", userId);
        await transaction.CommitAsync();
        return true;
    });

    private static Task<int> VoidResetLinkAsync(NpgsqlConnection connection, string userId) =>
        ExecuteAsync(connection, "DELETE FROM reset_link WHERE user_id = $1", userId);

    /// <remarks>
    /// Each statement also finds what an earlier try of the same replacement has stored. An UPDATE writes it again, so that the commit
    /// waits for the synchronous standby.
    /// </remarks>
    private static async Task<bool> ReplaceAsync(NpgsqlConnection connection, string userId, string? from, StoredPassword? to)
    {
        if (to is null)
        {
            await ExecuteAsync(connection, "DELETE FROM password WHERE user_id = $1 AND hash = $2", userId, from ?? "");
            return await ScalarAsync(connection, "SELECT user_id FROM password WHERE user_id = $1", userId) is null;
        }

        string statement = from is null
            ? """
                INSERT INTO password (user_id, hash, changed_at) VALUES ($1, $3, $4)
                ON CONFLICT (user_id) DO UPDATE SET changed_at = EXCLUDED.changed_at WHERE password.hash IN ($2, EXCLUDED.hash)
                """
            : "UPDATE password SET hash = $3, changed_at = $4 WHERE user_id = $1 AND hash IN ($2, $3)";
        return await ExecuteAsync(connection, statement, userId, from ?? "", to.Hash, UnixTime.Of(to.ChangedAt)) > 0;
    }

    private static Task<string?> FindAsync(NpgsqlConnection connection, ExternalIdentity identity) => ScalarAsync(
        connection,
        "SELECT user_id FROM external_identity WHERE issuer = $1 AND subject = $2",
        identity.Issuer,
        identity.Subject);

    private static async Task<string?> ScalarAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private ValueTask<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters) =>
        AnsweredAsync<IReadOnlyList<T>>(
            async connection =>
            {
                var all = new List<T>();
                await using NpgsqlCommand command = Command(connection, sql, parameters);
                await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    all.Add(read(rows));
                return all;
            },
            options.ReadTimeout,
            cancellationToken);

    private ValueTask<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work) => AnsweredAsync(work, null, CancellationToken.None);

    private async ValueTask<T> AnsweredAsync<T>(
        Func<NpgsqlConnection, Task<T>> work, TimeSpan? answerTimeout, CancellationToken cancellationToken)
    {
        try
        {
            return await primary.UseAsync(work, cancellationToken, answerTimeout);
        }
        catch (Exception e) when (e is DatabaseAwayException or DatabaseRefusedException or NpgsqlException)
        {
            throw new LogUnavailableException("The credentials cannot be read or written: " + e.Message, e);
        }
    }
}
