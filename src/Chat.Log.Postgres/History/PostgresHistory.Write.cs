using ErlChat.History;
using ErlChat.Log;
using ErlChat.Nodes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.History;

/// <content>Writing what is pending, and finding out what another node has written.</content>
internal sealed partial class PostgresHistory
{
    /// <summary>Entries whose rows go into one statement.</summary>
    private const int Batch = 256;

    /// <summary>How long a statement may take. Nobody waits for it, so a busy database gets more time than for an append.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the tables must have had rows before they are taken for written, if another node wrote them: longer than a commit waits for
    /// the synchronous standby, as a rule. If a fail-over takes such rows away all the same, they are written from the log.
    /// </summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);

    /// <summary>How often the tables are asked while somebody waits for another node to write them.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<(long Through, long At)> _seen = new();
    private volatile bool _isFailing;

    /// <summary>Begins after a start.</summary>
    /// <param name="applied">The entry of the snapshot that the fold begins with. The tables have everything up to it.</param>
    internal async Task BeginAsync(NpgsqlConnection connection, long applied) =>
        _queue.Begin(applied, await ThroughAsync(connection));

    /// <summary>Waits until rows are added or written.</summary>
    internal Task ChangedAsync() => _queue.ChangedAsync();

    /// <summary>
    /// One step of what this node has to do: the leader writes a batch, any other node looks how far the leader is. The result is the place
    /// from which the tables lack rows that this node does not have in memory; null if there is no such gap.
    /// </summary>
    /// <exception cref="IOException">The database cannot be reached.</exception>
    internal async Task<HistoryGap?> StepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_leases.TermOf(ElectedWork.History) is not { } term)
            {
                await LookAsync(cancellationToken);
                return null;
            }

            (HistoryRow[] rows, long to) = _queue.Next(Batch);
            long floor = _queue.Floor;
            long? through = await _primary.UseAsync(
                async connection => rows.Length > 0
                    ? await HistoryInsert.RunAllAsync(connection, rows, floor, to, term)
                    : await ThroughAsync(connection),
                cancellationToken,
                s_patience);
            if (through < floor)
                return new HistoryGap(through.Value, floor);
            if (rows.Length > 0 && through is { } before)
                _queue.Written(Math.Max(before, to));
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Completes when the tables have all rows up to an entry.</summary>
    /// <exception cref="IOException">They do not get them, or not in time.</exception>
    internal async Task WrittenAsync(long through, TimeSpan limit, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        while (!_queue.IsWritten(through))
        {
            int before = _queue.Count;
            if (await StepAsync(cancellationToken) is not null || _time.GetElapsedTime(started) > limit)
                throw new LogUnavailableException("The history tables lack messages that are only in the log.");

            // Without a lease, or with one that was lost a moment ago, this node waits for the one that leads.
            if (_queue.Count == before)
                await Task.Delay(s_look, _time, cancellationToken);
        }
    }

    /// <summary>Writes rows that were made from the log again, and how far the history has come with them.</summary>
    /// <returns>Whether this node may still do that. Otherwise nothing was written.</returns>
    internal async Task<bool> TryWriteAgainAsync(IReadOnlyList<HistoryRow> rows, long through, CancellationToken cancellationToken)
    {
        if (_leases.TermOf(ElectedWork.History) is not { } term
            || await _primary.UseAsync(
                connection => HistoryInsert.RunAllAsync(connection, rows, 0, through, term), cancellationToken, s_patience) is null)
        {
            return false;
        }

        _queue.Written(through);
        return true;
    }

    /// <summary>Whether writing fails, for those who watch the server.</summary>
    internal void SetFailing(bool isFailing) => _isFailing = isFailing;

    /// <summary>Checks how far the leader has got. Rows count as written once they have been there for a while.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        long through = await _primary.UseAsync(ThroughAsync, cancellationToken);
        long now = _time.GetTimestamp();
        _seen.Enqueue((through, now));
        while (_seen.TryPeek(out (long Through, long At) oldest) && _time.GetElapsedTime(oldest.At, now) >= s_settled)
            _queue.Written(Math.Min(_seen.Dequeue().Through, through));
    }

    private static async Task<long> ThroughAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT value::bigint FROM meta WHERE key = 'history_through'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static partial class Log
    {
        [LoggerMessage(
            650,
            LogLevel.Error,
            "The history cannot be read: {Problem} Until it can, history and search are refused and counted.",
            EventName = "HistoryUnreadable")]
        public static partial void Unreadable(ILogger logger, string problem);

        [LoggerMessage(651, LogLevel.Warning, "The history can be read again: {Count} reads failed within {Seconds:F1} s.",
            EventName = "HistoryReadable")]
        public static partial void Readable(ILogger logger, long count, double seconds);

        [LoggerMessage(652, LogLevel.Warning,
            "More than {Bytes} bytes of messages are waiting to be written to the history. The oldest are now only in the log, from which "
                + "they will be written.",
            EventName = "HistoryDropped")]
        public static partial void Dropped(ILogger logger, long bytes);
    }
}

/// <summary>Rows that the tables lack and that no queue has.</summary>
/// <param name="From">The entry up to which the tables are complete.</param>
/// <param name="To">The last entry whose rows may be missing.</param>
internal readonly record struct HistoryGap(long From, long To);
