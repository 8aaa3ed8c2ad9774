using ErlChat.Nodes;
using ErlChat.Sessions;
using Npgsql;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// Exchanges password tries with the other nodes, once with each heartbeat. A try is told once: a repeated statement adds nothing, and each
/// node remembers how far it has read each run of the others.
/// </summary>
/// <remarks>Not thread-safe: used by the heartbeat alone.</remarks>
internal sealed class TryTable(SharedTries tries, string origin)
{
    private const string Insert = """
        WITH old AS (DELETE FROM password_try WHERE (origin, number) IN (
            SELECT origin, number FROM password_try WHERE at < now() - interval '2 minutes' FOR UPDATE SKIP LOCKED))
        INSERT INTO password_try (origin, number, session) SELECT $1, n, s FROM unnest($2, $3) AS t (n, s) ON CONFLICT DO NOTHING
        """;

    private const string Select = """
        SELECT origin, number, session FROM password_try
        WHERE origin <> $1 AND at > now() - interval '1 minute' ORDER BY number
        """;

    private Dictionary<string, long> _heard = new(StringComparer.Ordinal);

    /// <summary>Tells what is new here, and hears what is new elsewhere. Returns how many tries were heard of.</summary>
    internal async Task<int> ExchangeAsync(NpgsqlConnection connection)
    {
        if (tries.Untold is { Length: > 0 } untold)
        {
            await using var insert = new NpgsqlCommand(Insert, connection)
            {
                Parameters =
                {
                    new() { Value = origin },
                    new() { Value = Array.ConvertAll(untold, static one => one.Number) },
                    new() { Value = Array.ConvertAll(untold, static one => one.Session.ToString()) },
                },
            };
            await insert.ExecuteNonQueryAsync();
            tries.Told(untold[^1].Number);
        }

        int count = 0;
        var heard = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var select = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = origin } } };
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            (string run, long number) = (row.GetString(0), row.GetInt64(1));
            heard[run] = number;
            if (number <= _heard.GetValueOrDefault(run))
                continue;
            tries.Hear(SessionKey.Parse(row.GetString(2)));
            count++;
        }

        // A run that is not mentioned has no try within the minute that counts, and its next number will be higher.
        _heard = heard;
        return count;
    }
}
