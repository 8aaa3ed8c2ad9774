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

    public async ValueTask PutEmailLinkAsync(EmailLink link, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(link);
        await WriteAsync(async connection =>
        {
            await ExecuteAsync(connection, "DELETE FROM email_link WHERE expires <= $1", UnixTime.Of(now));
            return await ExecuteAsync(
                connection,
                """
                INSERT INTO email_link (user_id, token_sha256, address, expires) VALUES ($1, $2, $3, $4)
                ON CONFLICT (user_id) DO UPDATE
                SET token_sha256 = EXCLUDED.token_sha256, address = EXCLUDED.address, expires = EXCLUDED.expires
                """,
                link.UserId,
                link.TokenHash,
                link.Address,
                UnixTime.Of(link.Expires));
        });
    }

    public ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        AnsweredAsync(
            connection => EmailLinkAsync(
                connection,
                "SELECT user_id, address, expires FROM email_link WHERE token_sha256 = $1 AND expires > $2",
                tokenHash,
                now),
            options.ReadTimeout,
            cancellationToken);

    /// <remarks>The one whose DELETE removes the row has the link; another one waits for it and then finds none.</remarks>
    public ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now) => WriteAsync(connection => EmailLinkAsync(
        connection,
        """
        WITH used AS (DELETE FROM email_link WHERE token_sha256 = $1 AND expires > $2 RETURNING user_id, address, expires),
            stored AS (
                INSERT INTO email_address (user_id, address) SELECT user_id, address FROM used
                ON CONFLICT (user_id) DO UPDATE SET address = EXCLUDED.address),
            voided AS (DELETE FROM reset_link WHERE user_id IN (SELECT user_id FROM used))
        SELECT user_id, address, expires FROM used
        """,
        tokenHash,
        now));

    public async ValueTask RemoveEmailsAsync(string userId) => await WriteAsync(connection => ExecuteAsync(
        connection,
        """
        WITH resets AS (DELETE FROM reset_link WHERE user_id = $1), links AS (DELETE FROM email_link WHERE user_id = $1)
        DELETE FROM email_address WHERE user_id = $1
        """,
        userId));

    private static async Task<EmailLink?> EmailLinkAsync(NpgsqlConnection connection, string sql, string tokenHash, DateTimeOffset now)
    {
        await using NpgsqlCommand command = Command(connection, sql, tokenHash, UnixTime.Of(now));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new EmailLink(tokenHash, row.GetString(0), row.GetString(1), UnixTime.At(row.GetInt64(2))) : null;
    }
}
