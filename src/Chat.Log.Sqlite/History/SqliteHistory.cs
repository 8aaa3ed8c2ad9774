using ErlChat.Health;
using ErlChat.History;
using ErlChat.Logging;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.History;

/// <summary>
/// What was said, in tables for reading. Written some time after it was said, in batches; what is not written yet is kept in memory and
/// read from there, so that a read misses nothing, also while the tables cannot be written. A crash loses nothing either: the next start's
/// replay brings the rest again.
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
    private readonly SearchLanes _searches;
    private readonly ChatDatabase _database;
    private readonly ILogger<SqliteHistory> _logger;
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly Outage _waits;
    private long _through;
    private long _weight;
    private bool _timing;
    private bool _writing;

    internal SqliteHistory(ChatDatabase database, TimeProvider time, ILogger<SqliteHistory> logger, ChatOptions? options = null)
    {
        (_database, _time, _logger) = (database, time, logger);
        _waits = new Outage(time, logger, Log.WritesAgain);
        _searches = new SearchLanes(database.Readers, time, (options ?? new ChatOptions()).SearchTimeout);
        _timer = time.CreateTimer(
            static history => _ = ((SqliteHistory)history!).WriteAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    public void Dispose()
    {
        _timer.Dispose();
        _waits.Dispose();
        _searches.Dispose();
    }

    /// <summary>Reads how far the tables are, before the replay that brings the rest.</summary>
    internal void Begin(SqliteConnection connection)
    {
        _through = connection.Scalar<long>("SELECT value FROM meta WHERE key = 'history_through'");
        _isDetached = SearchIndex.IsDetached(connection);
        if (_isDetached)
            MendSoon();
    }

    /// <summary>Estimated bytes of the rows that are not in the tables yet.</summary>
    internal long PendingBytes
    {
        get
        {
            lock (_gate)
                return _weight;
        }
    }

    /// <summary>Tells whoever watches the server what may be wrong here.</summary>
    internal void AddTo(Conditions conditions)
    {
        conditions.Watch("search-index", "the search index is being rebuilt, so searches are slower", () => _isDetached);
        conditions.Watch("history-waits", "messages are waiting in memory to be written to the history", () => _isFailing);
        conditions.Watch("history-incomplete", "the history lacks messages until the server is restarted", () => _isIncomplete);
    }

    private void Add(HistoryRow row)
    {
        bool write = false;
        bool dropped;
        lock (_gate)
        {
            // A replay: it is there, or retention has removed it. The last one may have come with only one of its two copies.
            if (row.Mail.Sequence < _through)
                return;
            _pending.Add(row);
            _weight += row.Mail.Weight;
            dropped = DropOldest();
            if (_pending.Count >= Batch && !_isFailing)
                write = !_writing;
            else if (!_timing)
                StartTimer(s_patience);
        }

        if (dropped)
            Log.Incomplete(_logger, _database.Options.MaxPendingBytes);
        if (write)
            _ = WriteAsync();
    }

    /// <summary>Has the index rebuilt in the background, if that is not under way.</summary>
    private void MendSoon()
    {
        lock (_gate)
        {
            if (!_timing && !_writing)
                StartTimer(s_patience);
        }
    }

    private void StartTimer(TimeSpan patience)
    {
        _timing = true;
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }
}
