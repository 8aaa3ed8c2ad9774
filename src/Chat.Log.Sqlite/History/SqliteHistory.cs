using ErlChat.Health;
using ErlChat.History;
using ErlChat.Logging;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.History;

/// <summary>
/// The messages, in tables for reading. Rows are written in batches, some time after the message. Until then they stay in memory, and reads
/// include them, so that a read misses nothing, even while the tables cannot be written. A crash loses nothing either: the replay of the
/// next start delivers the missing rows again.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class SqliteHistory : IChatHistory, IDisposable
{
    /// <summary>The number of rows that are written at once without waiting for more.</summary>
    private const int Batch = 64;

    /// <summary>The most rows in one transaction: about 10 ms, since appends wait for it.</summary>
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

    /// <summary>The messages stay: a new room of the same name is the same public place.</summary>
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

    /// <summary>Reads up to which entry the tables are complete, before the replay delivers the rest.</summary>
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

    /// <summary>Reports the current problems to the health checks.</summary>
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
            // During a replay, the row already exists or retention has removed it. Only the last message may have one of its two copies
            // missing.
            if (row.Mail.Sequence < _through)
                return;
            if (row.Mail.Content is MessageRemoved)
                RemoveText(row.Mail);
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

    /// <summary>A text that is deleted before it was written is not written.</summary>
    private void RemoveText(Mail removal)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            HistoryRow row = _pending[i];
            if (ChangedMessage.WithoutText(row.Mail, removal) is not { } mail)
                continue;
            _weight += mail.Weight - row.Mail.Weight;
            _pending[i] = row with { Mail = mail };
        }
    }

    /// <summary>Starts rebuilding the index in the background, unless that is already happening.</summary>
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
