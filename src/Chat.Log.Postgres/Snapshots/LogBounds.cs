using Npgsql;

namespace ErlChat.Postgres.Snapshots;

/// <summary>Where the log begins and ends.</summary>
/// <param name="Newest">The newest entry; 0 for an empty log.</param>
/// <param name="Removed">The newest entry that retention has removed; 0 for none.</param>
/// <param name="Redacted">
/// Up to here, entries lack addresses, or what erased persons wrote; 0 for none. A start should not fold them.
/// </param>
internal readonly record struct LogBounds(long Newest, long Removed, long Redacted)
{
    /// <summary>The key in <c>meta</c> of <see cref="Redacted"/>.</summary>
    internal const string RedactedKey = "redacting_through";

    internal static async Task<LogBounds> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce((SELECT max(sequence) FROM entry), 0),
                coalesce((SELECT value::bigint FROM meta WHERE key = 'removed_through'), 0),
                coalesce((SELECT value::bigint FROM meta WHERE key = $1), 0)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = RedactedKey });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new LogBounds(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>
    /// The entry after which a start delivers mail: that of the last <paramref name="entries"/>, or of as many as are left. A snapshot is
    /// usable up to here.
    /// </summary>
    internal long MailAfter(int entries) => Math.Max(Newest - entries, Removed);
}
