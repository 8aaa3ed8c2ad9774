using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite;

/// <summary>
/// What was said, in tables for reading. Written some time after it was said, in batches; what is not written yet is kept in memory and read from there, so that
/// a read misses nothing, also while the disk is full. A crash loses nothing either: the next start's replay brings the rest again.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class SqliteHistory : IChatHistory, IDisposable
{
    /// <summary>Rows that are worth a transaction at once.</summary>
    private const int Batch = 64;

    /// <summary>Rows that one transaction has at the most, as appends wait for it: about 10 ms.</summary>
    private const int MaxBatch = 512;

    /// <summary>How long fewer rows than a batch may wait.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly List<HistoryRow> _pending = [];
    private readonly SemaphoreSlim _searching = new(2);
    private readonly ChatDatabase _database;
    private readonly ILogger<SqliteHistory> _logger;
    private readonly ITimer _timer;
    private long _through;
    private bool _timing;
    private bool _writing;

    internal SqliteHistory(ChatDatabase database, TimeProvider time, ILogger<SqliteHistory> logger)
    {
        (_database, _logger) = (database, logger);
        _timer = time.CreateTimer(static history => _ = ((SqliteHistory)history!).WriteAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rows that are not in the tables yet.</summary>
    internal int Pending
    {
        get
        {
            lock (_gate)
                return _pending.Count;
        }
    }

    public void Add(string room, Mail mail) => Add(new HistoryRow(mail, room, default));

    public void AddPrivate(SessionKey reader, Mail mail) => Add(new HistoryRow(mail, null, reader));

    /// <summary>What was said stays: a room of that name is the same public place when it begins again.</summary>
    public void Forget(string room)
    {
    }

    /// <summary>The rows stay until retention takes them, but no later session has this key.</summary>
    public void Forget(SessionKey reader)
    {
    }

    public async ValueTask<IReadOnlyList<Mail>> ReadAsync(string room, long before, int limit, CancellationToken cancellationToken)
    {
        List<Mail> fresh = Fresh(before, row => row.Room is not null && RoomName.Same(row.Room, room));
        return Merge(fresh, await _database.Readers.UseAsync(connection => HistorySelect.Room(connection, room, before, limit), cancellationToken), limit);
    }

    public async ValueTask<IReadOnlyList<Mail>> ReadPrivateAsync(SessionKey reader, string? with, long before, int limit, CancellationToken cancellationToken)
    {
        List<Mail> fresh = Fresh(before, row => row.Room is null && row.Reader == reader
            && (with is null || string.Equals(((Whisper)row.Mail.Content).OtherNick, with, StringComparison.OrdinalIgnoreCase)));
        return Merge(fresh, await _database.Readers.UseAsync(connection => HistorySelect.Private(connection, reader, with, before, limit), cancellationToken), limit);
    }

    public async ValueTask<IReadOnlyList<Mail>> SearchAsync(SearchQuery query, SearchScope scope, long before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(scope);

        // A search can take a hundred times as long as a page: two at a time leave readers for the pages.
        await _searching.WaitAsync(cancellationToken);
        try
        {
            List<Mail> fresh = Fresh(before, row => IsIn(row, scope) && row.Mail.Content.Words is { } words && query.Matches(words));
            return Merge(fresh, await _database.Readers.UseAsync(connection => HistorySelect.Search(connection, query, scope, before, limit), cancellationToken), limit);
        }
        finally
        {
            _searching.Release();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _searching.Dispose();
    }

    /// <summary>Reads how far the tables are, before the replay that brings the rest.</summary>
    internal void Begin(SqliteConnection connection) => _through = connection.Scalar<long>("SELECT value FROM meta WHERE key = 'history_through'");

    /// <summary>Writes all that is pending, and something else, in one transaction.</summary>
    internal async Task FlushWithAsync(Action<SqliteConnection> work)
    {
        HistoryRow[] rows = Take(int.MaxValue);
        await _database.Writer.RunAsync(connection =>
        {
            HistoryInsert.Run(connection, rows);
            work(connection);
            return true;
        });
        Written(rows);
    }

    /// <summary>Whether somebody may read a row: it is in one of its rooms, or its own copy of a private message.</summary>
    private static bool IsIn(HistoryRow row, SearchScope scope) => row.Room is null
        ? row.Reader == scope.Private
        : scope.Rooms.Any(room => RoomName.Same(room, row.Room));

    /// <summary>The newest, oldest first. A row that was written while it was looked for is in both.</summary>
    private static Mail[] Merge(List<Mail> fresh, List<Mail> written, int limit) =>
        [.. written.Concat(fresh).DistinctBy(mail => mail.Sequence).OrderByDescending(mail => mail.Sequence).Take(limit).Reverse()];

    private void Add(HistoryRow row)
    {
        bool write = false;
        lock (_gate)
        {
            // A replay: it is there, or retention has removed it. The last one may have come with only one of its two copies.
            if (row.Mail.Sequence < _through)
                return;
            _pending.Add(row);
            if (_pending.Count >= Batch)
                write = !_writing;
            else if (!_timing)
                StartTimer(s_patience);
        }

        if (write)
            _ = WriteAsync();
    }

    private List<Mail> Fresh(long before, Func<HistoryRow, bool> wanted)
    {
        lock (_gate)
            return [.. _pending.Where(row => row.Mail.Sequence < before && wanted(row)).Select(row => row.Mail)];
    }

    private HistoryRow[] Take(int limit)
    {
        lock (_gate)
            return [.. _pending.Take(limit)];
    }

    private void Written(HistoryRow[] rows)
    {
        if (rows.Length == 0)
            return;
        lock (_gate)
        {
            // Whatever is not above the last row is written, whoever wrote it; its second copy, if that was not among the rows, is above by place.
            int last = _pending.LastIndexOf(rows[^1]);
            _pending.RemoveRange(0, last + 1);
        }
    }

    /// <summary>Writes what is pending, batch by batch. One at a time; whatever fails stays pending and is tried again.</summary>
    private async Task WriteAsync()
    {
        lock (_gate)
        {
            _timing = false;
            if (_writing)
                return;
            _writing = true;
        }

        TimeSpan next = s_patience;
        try
        {
            // While the disk is full, the room that somebody makes is for the log, which frees more of it before it goes on.
            while (_database.Writer.IsAvailable && Take(MaxBatch) is { Length: > 0 } rows)
            {
                await _database.Writer.RunAsync(connection =>
                {
                    HistoryInsert.Run(connection, rows);
                    return true;
                });
                Written(rows);
            }
        }
        catch (Exception e) when (e is SqliteException or LogUnavailableException)
        {
            next = _database.Options.RetryAfter;
            Log.WriteFailed(_logger, e.Message);
        }

        if (!_database.Writer.IsAvailable)
            next = _database.Options.RetryAfter;
        lock (_gate)
        {
            _writing = false;
            if (_pending.Count > 0 && !_timing)
                StartTimer(next);
        }
    }

    private void StartTimer(TimeSpan patience)
    {
        _timing = true;
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }

    private static partial class Log
    {
        [LoggerMessage(230, LogLevel.Warning, "Messages wait in memory to be written to the history: {Problem}", EventName = "HistoryWaits")]
        public static partial void WriteFailed(ILogger logger, string problem);
    }
}
