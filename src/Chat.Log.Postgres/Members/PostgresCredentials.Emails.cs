using ErlChat.Members;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Members;

/// <summary>E-mail addresses, and their links.</summary>
internal sealed partial class PostgresCredentials
{
    public ValueTask<MemberEmails> FindEmailsAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken) => AnsweredAsync(
        async connection => new MemberEmails(
            await ScalarAsync(connection, "SELECT address FROM email_address WHERE user_id = $1", userId),
            await ScalarAsync(
                connection, "SELECT address FROM email_link WHERE user_id = $1 AND expires > $2", userId, UnixTime.Of(now))),
        options.ReadTimeout,
        cancellationToken);

    public ValueTask<bool> PutEmailLinkAsync(EmailLink link, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(link);
        return WriteAsync(async connection =>
        {
            await ExecuteAsync(connection, "DELETE FROM email_link WHERE expires <= $1", UnixTime.Of(now));
            return await ExecuteAsync(
                connection,
                """
                INSERT INTO email_link (user_id, token_sha256, address, expires)
                SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM password WHERE user_id = $1)
                ON CONFLICT (user_id) DO UPDATE
                SET token_sha256 = EXCLUDED.token_sha256, address = EXCLUDED.address, expires = EXCLUDED.expires
                """,
                link.UserId,
                link.TokenHash,
                link.Address,
                UnixTime.Of(link.Expires)) > 0;
        });
    }

    public ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        AnsweredAsync(
            connection => FindEmailLinkAsync(connection, tokenHash, now),
            options.ReadTimeout,
            cancellationToken);

    public ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now) => WriteAsync(async connection =>
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        if (await FindEmailLinkAsync(connection, tokenHash, now) is not { } found)
            return null;
        await VoidResetLinkAsync(connection, found.UserId);

        // Another one who uses it has waited for the password's row, and then finds none.
        if (!await LockPasswordAsync(connection, found.UserId) || await FindEmailLinkAsync(connection, tokenHash, now) is not { } link)
            return null;
        await ExecuteAsync(connection, "DELETE FROM email_link WHERE user_id = $1", link.UserId);
        await ExecuteAsync(
            connection,
            """
            INSERT INTO email_address (user_id, address) VALUES ($1, $2)
            ON CONFLICT (user_id) DO UPDATE SET address = EXCLUDED.address
            """,
            link.UserId,
            link.Address);
        await transaction.CommitAsync();
        return link;
    });

    public async ValueTask RemoveEmailsAsync(string userId) => await WriteAsync(async connection =>
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await VoidResetLinkAsync(connection, userId);
        await LockPasswordAsync(connection, userId);
        await ExecuteAsync(connection, "DELETE FROM email_link WHERE user_id = $1", userId);
        await ExecuteAsync(connection, "DELETE FROM email_address WHERE user_id = $1", userId);
        await transaction.CommitAsync();
        return true;
    });

    /// <returns>Whether there is a password. Nobody else changes it, nor an address that depends on it, until the end.</returns>
    private static async Task<bool> LockPasswordAsync(NpgsqlConnection connection, string userId) =>
        await ScalarAsync(connection, "SELECT user_id FROM password WHERE user_id = $1 FOR UPDATE", userId) is not null;

    private static async Task<EmailLink?> FindEmailLinkAsync(NpgsqlConnection connection, string tokenHash, DateTimeOffset now)
    {
        await using NpgsqlCommand command = Command(
            connection,
            "SELECT user_id, address, expires FROM email_link WHERE token_sha256 = $1 AND expires > $2",
            tokenHash,
            UnixTime.Of(now));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new EmailLink(tokenHash, row.GetString(0), row.GetString(1), UnixTime.At(row.GetInt64(2))) : null;
    }
}
