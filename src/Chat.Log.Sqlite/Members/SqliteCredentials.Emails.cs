using ErlChat.Members;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Members;

/// <summary>E-mail addresses, and their links.</summary>
internal sealed partial class SqliteCredentials
{
    public ValueTask<MemberEmails> FindEmailsAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(
            connection => new MemberEmails(
                connection.Scalar<string>("SELECT address FROM email_address WHERE user_id = $user", ("$user", userId)),
                connection.Scalar<string>(
                    "SELECT address FROM email_link WHERE user_id = $user AND expires > $now",
                    ("$user", userId),
                    ("$now", UnixTime.Of(now)))),
            cancellationToken);

    public ValueTask<bool> PutEmailLinkAsync(EmailLink link, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(link);
        return WriteAsync(connection => connection.Overwriting(one =>
        {
            one.Execute("DELETE FROM email_link WHERE expires <= $now", ("$now", UnixTime.Of(now)));
            return one.Execute(
                "INSERT OR REPLACE INTO email_link (user_id, token_sha256, address, expires) SELECT $user, $token, $address, $expires "
                + "WHERE EXISTS (SELECT 1 FROM password WHERE user_id = $user)",
                ("$user", link.UserId),
                ("$token", link.TokenHash),
                ("$address", link.Address),
                ("$expires", UnixTime.Of(link.Expires))) > 0;
        }));
    }

    public ValueTask<EmailLink?> FindEmailLinkAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => FindEmailLink(connection, tokenHash, now), cancellationToken);

    public ValueTask<EmailLink?> UseEmailLinkAsync(string tokenHash, DateTimeOffset now) => WriteAsync(connection =>
        connection.Overwriting(one =>
        {
            if (FindEmailLink(one, tokenHash, now) is not { } link)
                return null;
            VoidLinks(one, link.UserId);
            one.Execute(
                "INSERT OR REPLACE INTO email_address (user_id, address) VALUES ($user, $address)",
                ("$user", link.UserId),
                ("$address", link.Address));
            return link;
        }));

    public async ValueTask RemoveEmailsAsync(string userId) => await WriteAsync(connection => connection.Overwriting(one =>
    {
        VoidLinks(one, userId);
        Remove(one, "email_address", userId);
        return true;
    }));

    private static EmailLink? FindEmailLink(SqliteConnection connection, string tokenHash, DateTimeOffset now)
    {
        using SqliteCommand command = connection.Command(
            "SELECT user_id, address, expires FROM email_link WHERE token_sha256 = $token AND expires > $now",
            ("$token", tokenHash),
            ("$now", UnixTime.Of(now)));
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? new EmailLink(tokenHash, row.GetString(0), row.GetString(1), UnixTime.At(row.GetInt64(2))) : null;
    }
}
