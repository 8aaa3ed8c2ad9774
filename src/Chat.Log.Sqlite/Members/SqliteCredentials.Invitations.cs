using ErlChat.Members;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Members;

/// <summary>Invitations and appointments.</summary>
internal sealed partial class SqliteCredentials
{
    public ValueTask<bool> PutInvitationAsync(InvitationLink link, DateTimeOffset now, int limit)
    {
        ArgumentNullException.ThrowIfNull(link);
        return WriteAsync(connection =>
        {
            connection.Execute("DELETE FROM invitation_link WHERE expires <= $now", ("$now", UnixTime.Of(now)));
            connection.Execute(
                "INSERT OR IGNORE INTO invitation_link (token_sha256, expires) SELECT $token, $expires "
                + "WHERE (SELECT count(*) FROM invitation_link) < $most",
                ("$token", link.TokenHash),
                ("$expires", UnixTime.Of(link.Expires)),
                ("$most", limit));
            return FindInvitation(connection, link.TokenHash, now) is not null;
        });
    }

    public ValueTask<DateTimeOffset?> FindInvitationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Readers.UseAsync(connection => FindInvitation(connection, tokenHash, now)?.Expires, cancellationToken);

    public ValueTask<InvitationLink?> UseInvitationAsync(string tokenHash, DateTimeOffset now) => WriteAsync(connection =>
    {
        InvitationLink? link = FindInvitation(connection, tokenHash, now);
        connection.Execute("DELETE FROM invitation_link WHERE token_sha256 = $token", ("$token", tokenHash));
        return link;
    });

    public async ValueTask PutAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        await WriteAsync(connection =>
        {
            PutAppointment(connection, appointment);
            return true;
        });
    }

    /// <summary>Stores an appointment over a connection of another process, while a server may be running.</summary>
    internal static void PutAppointment(SqliteConnection connection, Appointment appointment) => connection.Execute(
        "INSERT OR REPLACE INTO appointment (nick, made_at) VALUES ($nick, $at)",
        ("$nick", appointment.Nick),
        ("$at", UnixTime.Of(appointment.MadeAt)));

    public ValueTask<IReadOnlyList<Appointment>> AppointmentsAsync(CancellationToken cancellationToken) => ListAsync(
        "SELECT nick, made_at FROM appointment",
        static row => new Appointment(row.GetString(0), UnixTime.At(row.GetInt64(1))),
        cancellationToken);

    public async ValueTask RemoveAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        await WriteAsync(connection => connection.Execute(
            "DELETE FROM appointment WHERE nick = $nick AND made_at = $at",
            ("$nick", appointment.Nick),
            ("$at", UnixTime.Of(appointment.MadeAt))));
    }

    private static InvitationLink? FindInvitation(SqliteConnection connection, string tokenHash, DateTimeOffset now)
    {
        long expires = connection.Scalar<long>(
            "SELECT expires FROM invitation_link WHERE token_sha256 = $token AND expires > $now",
            ("$token", tokenHash),
            ("$now", UnixTime.Of(now)));
        return expires == 0 ? null : new InvitationLink(tokenHash, UnixTime.At(expires));
    }
}
