using ErlChat.History;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.History;

/// <content>Writes the pending rows, and handles failures.</content>
internal sealed partial class SqliteHistory
{
    private const string Incomplete = "The history tables lack messages that are only in the log. Restart the server once the disk works "
        + "again.";

    /// <summary>How many times longer than after a failed write to wait after a failed step of rebuilding the index.</summary>
    private const int MendPauses = 60;

    /// <summary>Set when the search index is damaged and has to be detached and rebuilt.</summary>
    private volatile bool _isDetached;

    /// <summary>Set when rows were dropped. No later row may then be written, or no replay would ever deliver the dropped ones.</summary>
    private volatile bool _isIncomplete;

    private volatile bool _isFailing;
    private long _mendFailedAt;
    private long _mendedAt;

    /// <summary>Writes all pending rows and does the caller's work, in one transaction.</summary>
    /// <exception cref="LogUnavailableException">Rows were dropped, so the tables are incomplete.</exception>
    internal async Task FlushWithAsync(Action<SqliteConnection> work)
    {
        HistoryRow[] rows = Take(int.MaxValue);
        await InsertAsync(rows, work);
        Written(rows);
    }

    private HistoryRow[] Take(int limit)
    {
        lock (_gate)
            return _isIncomplete ? throw new LogUnavailableException(Incomplete) : [.. _pending.Take(limit)];
    }

    private void Written(HistoryRow[] rows)
    {
        if (rows.Length == 0)
            return;
        lock (_gate)
        {
            // Every pending row up to the last written sequence is in the tables, whoever wrote it. If the second copy of the last message
            // was not among the rows, it comes after it in the list. Its mail may be another one by now, if its text was removed.
            (long sequence, SessionKey reader) = (rows[^1].Mail.Sequence, rows[^1].Reader);
            int last = _pending.FindLastIndex(row => row.Mail.Sequence == sequence && row.Reader == reader);
            for (int i = 0; i <= last; i++)
                _weight -= _pending[i].Mail.Weight;
            _pending.RemoveRange(0, last + 1);
        }
    }

    /// <summary>
    /// Limits the pending rows while writing fails. (A replay that is faster than the tables is soon caught up with.) The oldest are
    /// dropped, since users ask for the newest, and an eighth of the limit at once, since each removal moves all others. From then on only
    /// the replay after a restart completes the tables: what was dropped cannot be read from the log alone while the chat runs. Returns
    /// true when that begins.
    /// </summary>
    private bool DropOldest()
    {
        long most = _database.Options.MaxPendingBytes;
        if ((!_isFailing && !_isIncomplete) || _weight <= most)
            return false;
        int dropped = 0;
        for (; _weight > most / 8 * 7 && dropped < _pending.Count - 1; dropped++)
            _weight -= _pending[dropped].Mail.Weight;
        _pending.RemoveRange(0, dropped);
        bool begins = dropped > 0 && !_isIncomplete;
        _isIncomplete |= begins;
        return begins;
    }

    /// <summary>
    /// Handles a failed operation that uses the search index. If a damaged index may be the cause and this is not known yet, the index is
    /// detached and rebuilt from now on. Returns true in that case: the operation may be tried again.
    /// </summary>
    private async Task<bool> IndexFailedAsync(SqliteException failure)
    {
        if (_isDetached || !failure.MayBeOfSearchIndex())
            return false;
        bool isNews = await _database.Writer.RunAsync(static connection =>
        {
            if (SearchIndex.IsDetached(connection))
                return false;
            SearchIndex.Detach(connection);
            return true;
        });
        _isDetached = true;
        if (isNews)
            Log.IndexDamaged(_logger, failure.Message);
        MendSoon();
        return true;
    }

    /// <summary>Does work that uses the search index. If that is damaged, it is detached and the work is done again, without it.</summary>
    internal async Task<T> WithoutDamageAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SqliteException e)
        {
            if (!await IndexFailedAsync(e))
                throw;
            return await work();
        }
    }

    /// <summary>Inserts rows. If the index is damaged, it is detached and the rows are inserted without it.</summary>
    private async Task InsertAsync(HistoryRow[] rows, Action<SqliteConnection>? work = null)
    {
        // The index may also fail when the transaction ends.
        bool isOfWork = false;
        try
        {
            await TryAsync();
        }
        catch (SqliteException e) when (rows.Length > 0 && !isOfWork)
        {
            if (!await IndexFailedAsync(e))
                throw;
            await TryAsync();
        }

        Task<bool> TryAsync() => _database.Writer.RunAsync(connection =>
        {
            isOfWork = false;
            HistoryInsert.Run(connection, rows);
            isOfWork = true;
            work?.Invoke(connection);
            isOfWork = false;
            return true;
        });
    }

    /// <summary>
    /// Writes the pending rows in batches, and rebuilds the index. Only one call runs at a time. Rows that cannot be written stay pending
    /// and are tried again.
    /// </summary>
    private async Task WriteAsync()
    {
        lock (_gate)
        {
            _timing = false;
            if (_writing || _isIncomplete)
                return;
            _writing = true;
        }

        TimeSpan next = s_patience;
        try
        {
            // If an operator frees space on a full disk, the log gets it first; the log frees more space before it continues.
            while (_database.Writer.IsAvailable && Take(MaxBatch) is { Length: > 0 } rows)
            {
                await InsertAsync(rows);
                Written(rows);
                _isFailing = false;
                _waits.Succeeded();
            }

            await MendAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            next = _database.Options.RetryAfter;
            if (_waits.Failed())
                Log.WriteFailed(_logger, e.Message);
            _isFailing = true;
        }

        if (!_database.Writer.IsAvailable)
            next = _database.Options.RetryAfter;
        lock (_gate)
        {
            _writing = false;
            if ((_pending.Count > 0 || _isDetached) && !_timing)
                StartTimer(next);
        }
    }

    /// <summary>Fills the index until it is complete or there are messages to write, but by one step at least.</summary>
    private async Task MendAsync()
    {
        if (!_isDetached || (_mendFailedAt != 0 && _time.GetElapsedTime(_mendFailedAt) < _database.Options.RetryAfter * MendPauses))
            return;
        try
        {
            do
            {
                if (await _database.Writer.RunAsync(SearchIndex.Mend))
                    continue;
                (_isDetached, _mendFailedAt, _mendedAt) = (false, 0, _time.GetTimestamp());
                _database.Readers.Renew();
                Log.IndexMended(_logger);
                return;
            }
            while (_database.Writer.IsAvailable && Pending == 0);
        }
        catch (Exception e) when (e is SqliteException)
        {
            if (_mendFailedAt == 0)
                Log.MendFailed(_logger, e.Message);
            _mendFailedAt = _time.GetTimestamp();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            230,
            LogLevel.Warning,
            "Messages are waiting in memory to be written to the history: {Problem} Further failures are counted.",
            EventName = "HistoryWaits")]
        public static partial void WriteFailed(ILogger logger, string problem);

        [LoggerMessage(
            231,
            LogLevel.Information,
            "The history can be written again: this failed {Count} times within {Seconds:F1} s.",
            EventName = "HistoryGoesOn")]
        public static partial void WritesAgain(ILogger logger, long count, double seconds);

        [LoggerMessage(
            232,
            LogLevel.Warning,
            "The search index is damaged and is being rebuilt; until then searches are slower. {Problem}",
            EventName = "SearchIndexDamaged")]
        public static partial void IndexDamaged(ILogger logger, string problem);

        [LoggerMessage(233, LogLevel.Information, "The search index is complete again.", EventName = "SearchIndexMended")]
        public static partial void IndexMended(ILogger logger);

        [LoggerMessage(
            234,
            LogLevel.Warning,
            "The search index cannot be rebuilt now. The server will retry, and `log compact` rebuilds it too. {Problem}",
            EventName = "SearchIndexWaits")]
        public static partial void MendFailed(ILogger logger, string problem);

        [LoggerMessage(
            235,
            LogLevel.Error,
            "More than {Bytes} bytes of messages are waiting to be written to the history. The oldest are now only in the log, and "
                + "no snapshots are saved. Check the disk and restart the server.",
            EventName = "HistoryIncomplete")]
        public static partial void Incomplete(ILogger logger, long bytes);
    }
}
