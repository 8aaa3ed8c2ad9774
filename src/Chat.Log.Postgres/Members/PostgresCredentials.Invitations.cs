using ErlChat.Members;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Members;

/// <summary>Invitations and appointments.</summary>
internal sealed partial class PostgresCredentials
{
    public ValueTask<bool> PutInvitationAsync(InvitationLink link, DateTimeOffset now, int limit)
    {
        ArgumentNullException.ThrowIfNull(link);
        return WriteAsync(async connection =>
        {
            await ExecuteAsync(connection, "DELETE FROM invitation_link WHERE expires <= $1", UnixTime.Of(now));
            await ExecuteAsync(
                connection,
                """
                INSERT INTO invitation_link (token_sha256, expires) SELECT $1, $2
                WHERE (SELECT count(*) FROM invitation_link) < $3 ON CONFLICT DO NOTHING
                """,
                link.TokenHash,
                UnixTime.Of(link.Expires),
                (long)limit);
            return await ScalarAsync(
                connection, "SELECT token_sha256 FROM invitation_link WHERE token_sha256 = $1", link.TokenHash) is not null;
        });
    }

    public ValueTask<DateTimeOffset?> FindInvitationAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        AnsweredAsync(
            connection => TimeAsync(
                connection,
                "SELECT expires FROM invitation_link WHERE token_sha256 = $1 AND expires > $2",
                tokenHash,
                UnixTime.Of(now)),
            options.ReadTimeout,
            cancellationToken);

    /// <remarks>The one whose DELETE removes the row has the invitation; another one waits for it and then finds none.</remarks>
    public ValueTask<InvitationLink?> UseInvitationAsync(string tokenHash, DateTimeOffset now) => WriteAsync(async connection =>
    {
        DateTimeOffset? expires = await TimeAsync(
            connection,
            "DELETE FROM invitation_link WHERE token_sha256 = $1 AND expires > $2 RETURNING expires",
            tokenHash,
            UnixTime.Of(now));
        return expires is null ? null : new InvitationLink(tokenHash, expires.Value);
    });

    public async ValueTask PutAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        await WriteAsync(connection => ExecuteAsync(
            connection,
            "INSERT INTO appointment (nick, made_at) VALUES ($1, $2) ON CONFLICT (nick) DO UPDATE SET made_at = EXCLUDED.made_at",
            appointment.Nick,
            UnixTime.Of(appointment.MadeAt)));
    }

    public ValueTask<IReadOnlyList<Appointment>> AppointmentsAsync(CancellationToken cancellationToken) => ListAsync(
        "SELECT nick, made_at FROM appointment",
        static row => new Appointment(row.GetString(0), UnixTime.At(row.GetInt64(1))),
        cancellationToken);

    public async ValueTask RemoveAppointmentAsync(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        await WriteAsync(connection => ExecuteAsync(
            connection,
            "DELETE FROM appointment WHERE nick = $1 AND made_at = $2",
            appointment.Nick,
            UnixTime.Of(appointment.MadeAt)));
    }

    private static async Task<DateTimeOffset?> TimeAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync() is long time ? UnixTime.At(time) : null;
    }
}
