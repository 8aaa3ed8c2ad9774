using System.Text.Json;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.History;
using ErlChat.Postgres.Snapshots;
using ErlChat.Serialization;
using ErlChat.State;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.Upkeep;

/// <summary>
/// Writes rows of the history from the log that no node's memory may have any more: a fail-over took them away after they had been written,
/// or too many waited. What was said follows from the state too, so it folds the log from the newest snapshot before the gap.
/// </summary>
internal sealed partial class HistoryRepair(
    Primary primary, PostgresHistory history, PostgresSnapshots snapshots, ILogger<HistoryRepair> logger)
{
    /// <summary>Entries that are read and folded at a time.</summary>
    private const int Page = 1000;

    /// <summary>How long reading a snapshot may take.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    /// <summary>Fills a gap, as far as the log goes back and as long as this node leads that work.</summary>
    internal async Task RunAsync(HistoryGap gap, CancellationToken cancellationToken)
    {
        (ChatStateImage? image, bool isKnown) = await primary.UseAsync(
            connection => StartAsync(connection, gap.From), cancellationToken, s_long);
        if (!isKnown)
        {
            // The messages are lost, and waiting would only lose more.
            if (await history.TryWriteAgainAsync([], gap.To, cancellationToken))
                Log.Lost(logger, gap.From, gap.To);
            return;
        }

        var rows = new HistorySink();
        var fold = new HistoryFold(rows);
        if (image is not null)
            fold.Restart(image);
        int written = 0;
        for (long at = image?.Sequence ?? 0; at < gap.To;)
        {
            long after = at;
            LogEntry[] page = await primary.UseAsync(connection => ReadAsync(connection, after, gap.To), cancellationToken);
            if (page.Length == 0)
                break;
            foreach (LogEntry entry in page)
                fold.Apply(entry);
            at = page[^1].Sequence;
            HistoryRow[] missing = [.. rows.Rows.Where(row => row.Mail.Sequence > gap.From)];
            rows.Clear();
            if (!await history.TryWriteAgainAsync(missing, at, cancellationToken))
                return;
            written += missing.Length;
        }

        Log.Repaired(logger, gap.From, gap.To, written);
    }

    /// <summary>Where the fold begins: with a snapshot, with nothing, or nowhere, if entries were removed that it would need.</summary>
    private async Task<(ChatStateImage? Image, bool IsKnown)> StartAsync(NpgsqlConnection connection, long from)
    {
        long[] all = await SnapshotRows.ListAsync(connection);
        LogBounds bounds = await LogBounds.ReadAsync(connection);
        ChatStateImage? image = await snapshots.FindAsync(
            connection, all.Where(one => one <= from && one >= bounds.Removed).OrderDescending());
        return (image, image is not null || bounds.Removed == 0);
    }

    private static async Task<LogEntry[]> ReadAsync(NpgsqlConnection connection, long after, long to)
    {
        await using var command = new NpgsqlCommand(
            "SELECT sequence, kind, origin, counter, at, body FROM entry WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3",
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Page });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        var page = new List<LogEntry>();
        while (await rows.ReadAsync())
        {
            page.Add(new LogEntry(
                rows.GetInt64(0),
                Decode(new EntryRow(rows.GetString(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetString(5)))));
        }

        return [.. page];
    }

    /// <summary>An entry of a kind that this program does not know has stopped its fold before it comes here.</summary>
    private static Entry Decode(EntryRow row)
    {
        try
        {
            return EntryCodec.Decode(row);
        }
        catch (JsonException)
        {
            return new Unreadable();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(655, LogLevel.Warning,
            "The history lacked the messages of the entries after {From} up to {To}: {Rows} rows were written again from the log.",
            EventName = "HistoryRepaired")]
        public static partial void Repaired(ILogger logger, long from, long to, int rows);

        [LoggerMessage(656, LogLevel.Error,
            "The history lacks the messages of the entries after {From} up to {To}, and no snapshot from before them can be read. They are "
                + "missing for good.",
            EventName = "HistoryLost")]
        public static partial void Lost(ILogger logger, long from, long to);
    }
}
