using System.Globalization;
using ErlChat.State;
using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>The entry that was read last.</summary>
/// <param name="Sequence">Its sequence; 0 before the first entry.</param>
/// <param name="Origin">Together with <paramref name="Counter"/>, its command id; null if it is not known.</param>
internal sealed record ReadPosition(long Sequence, string? Origin = null, long Counter = 0)
{
    /// <summary>The last entry that a state contains. The state knows its command id, because it recognises repeated commands.</summary>
    internal static ReadPosition Of(ChatStateImage image)
    {
        OriginImage? last = image.Origins.FirstOrDefault(one => one.Sequence == image.Sequence);
        return new ReadPosition(image.Sequence, last?.Origin, last?.Counter ?? 0);
    }

    /// <summary>
    /// Why reading cannot go on from here in a database, as one line for the operator; null if it can. The entry must still be there and be
    /// the same one, or this node's state contains what nobody else has.
    /// </summary>
    internal async Task<string?> ProblemAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT (SELECT max(sequence) FROM entry), (SELECT min(sequence) FROM entry), e.origin, e.counter
            FROM (SELECT) AS one LEFT JOIN entry e ON e.sequence = $1
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = Sequence } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CancellationToken.None);
        await row.ReadAsync(CancellationToken.None);
        long newest = row.IsDBNull(0) ? 0 : row.GetInt64(0);
        long oldest = row.IsDBNull(1) ? 1 : row.GetInt64(1);
        return row.IsDBNull(2)
            ? Missing(newest, oldest)
            : ProblemOf(row.GetString(2), row.GetInt64(3));
    }

    private string? Missing(long newest, long oldest)
    {
        if (newest < Sequence)
        {
            return Format($"The database's log ends at entry {newest}, but this node has applied {Sequence}: ")
                + "a fail-over or a restore took entries away.";
        }

        if (oldest > Sequence + 1)
            return Format($"Entries {Sequence + 1} to {oldest - 1} were removed before this node had applied them.");
        return Sequence == 0 || oldest == Sequence + 1
            ? null
            : Format($"The database has no entry {Sequence}, but has newer and older ones.");
    }

    /// <summary>Why the entry that the database has at this position is not the one that was read; null if it is.</summary>
    internal string? ProblemOf(string origin, long counter) => Origin is null || (origin == Origin && counter == Counter)
        ? null
        : Format($"The database's entry {Sequence} is not the one that this node has applied: a fail-over or a restore took entries away.");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
