using ErlChat.Log;
using ErlChat.Logging;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Log;

/// <summary>
/// The only thread that writes to the database. It appends all waiting entries in one transaction, which is synced before any reader sees
/// them. Between two such transactions it runs one other job. With a single writer, nothing in this process ever waits for SQLite's write
/// lock.
/// </summary>
/// <remarks>
/// Thread-safe. It uses its own thread because it blocks in fsync: a task would take a thread from the pool for that time, which matters on
/// a machine with two cores.
/// </remarks>
internal sealed partial class LogWriter : IDisposable
{
    /// <summary>
    /// The number of entries in one transaction: enough that the sync costs little per entry, and few enough that the first entry does not
    /// wait long.
    /// </summary>
    private const int MaxGroup = 1000;

    /// <summary>The number of bytes that a probe writes. A disk that accepts them has room for a group of messages.</summary>
    private const int ProbeSize = 64 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_interruptAgain = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly Queue<WaitingAppend> _appends = new();
    private readonly Queue<WriterJob> _jobs = new();
    private readonly List<WaitingAppend> _group = [];
    private readonly List<LogEntry> _committed = [];
    private readonly Func<SqliteConnection> _open;
    private readonly Action _closeReaders;
    private readonly Action<LogEntry[]> _publish;
    private readonly ILogger _logger;
    private readonly Outage _outage;
    private readonly Outage _doubts;
    private readonly TimeSpan _retryAfter;
    private readonly ITimer _probe;
    private readonly Thread _thread;
    private WriterConnection? _connection;
    private List<WaitingAppend>? _doubtful;
    private long _firstDoubtful;
    private long _last;
    private bool _probeDue;
    private bool _stopping;
    private volatile bool _available = true;

    /// <param name="open">Opens a connection for writing.</param>
    /// <param name="closeReaders">Closes every other connection of this process, and makes new ones wait until the next call of
    /// <paramref name="open"/>.</param>
    /// <param name="publish">Receives entries that are in the file, in order, on the writer's thread.</param>
    /// <param name="last">The highest sequence ever assigned.</param>
    internal LogWriter(Func<SqliteConnection> open, Action closeReaders, Action<LogEntry[]> publish, long last, TimeSpan retryAfter,
        TimeProvider time, ILogger logger)
    {
        (_open, _closeReaders, _publish, _last, _retryAfter, _logger) = (open, closeReaders, publish, last, retryAfter, logger);
        _outage = new Outage(time, logger, Log.LogAvailable);
        _doubts = new Outage(time, logger, Log.DoubtsOver, endsBySilence: true);
        _connection = new WriterConnection(open());
        _probe = time.CreateTimer(
            static writer => ((LogWriter)writer!).RequestProbe(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "ErlChat log writer" };
        _thread.Start();
    }

    /// <summary>Whether the last write succeeded.</summary>
    internal bool IsAvailable => _available;

    /// <summary>Runs COMMIT. Tests replace it with one that fails.</summary>
    internal Action<WriterConnection> Commit { get; set; } = static connection => connection.Commit();

    /// <summary>Queues an entry. Entries are written in the order of the calls.</summary>
    internal void Append(WaitingAppend append)
    {
        bool isOutage;
        lock (_gate)
        {
            if (_available && !_stopping)
            {
                _appends.Enqueue(append);
                Monitor.Pulse(_gate);
                return;
            }

            isOutage = !_stopping;
        }

        if (isOutage)
            _outage.Failed();
        append.TrySetException(Unavailable(null));
    }

    /// <summary>
    /// Runs work in its own transaction, by default without waiting for the disk: the result survives a crash of the process, but perhaps
    /// not a power failure.
    /// </summary>
    /// <param name="work">Runs on the writer's thread.</param>
    /// <param name="synced">Whether to wait for the disk.</param>
    internal Task<T> RunAsync<T>(Func<SqliteConnection, T> work, bool synced = false)
    {
        var job = new WriterJob<T>(work) { Synced = synced };
        lock (_gate)
        {
            if (!_stopping)
            {
                _jobs.Enqueue(job);
                Monitor.Pulse(_gate);
                return job.Task;
            }
        }

        job.Fail(Unavailable(null));
        return job.Task;
    }

    /// <summary>Writes the queued entries, then ends the thread and closes its connection.</summary>
    public void Dispose() => Close(s_patience);

    /// <summary>
    /// Does the same within a time limit. After that, long jobs are interrupted and fail, and a WAL that has not been moved into the
    /// database stays for the next start. Returns false if the thread has still not ended because the disk does not respond; it then ends
    /// with the process.
    /// </summary>
    internal bool Close(TimeSpan limit)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        bool isOver = _thread.Join(limit * 0.7);
        long began = TimeProvider.System.GetTimestamp();
        while (!isOver && TimeProvider.System.GetElapsedTime(began) < limit * 0.3)
        {
            // Interrupts repeatedly: another job may be waiting behind the interrupted one.
            _connection?.Interrupt();
            isOver = _thread.Join(s_interruptAgain);
        }

        _probe.Dispose();
        _outage.Dispose();
        _doubts.Dispose();
        return isOver;
    }

    private void Run()
    {
        while (TakeWork(out WriterJob? job, out bool probe))
        {
            if (probe)
                Probe();
            if (_group.Count > 0)
                AppendGroup();
            if (job is not null)
                RunJob(job);
        }

        foreach (WaitingAppend append in _doubtful ?? [])
            append.TrySetException(Unavailable(null));
        _connection?.Close();
    }

    /// <summary>Waits for work. Returns false when no more work will come.</summary>
    private bool TakeWork(out WriterJob? job, out bool probe)
    {
        _group.Clear();
        lock (_gate)
        {
            while (_appends.Count == 0 && _jobs.Count == 0 && !_probeDue && !_stopping)
                Monitor.Wait(_gate);
            probe = _probeDue;
            _probeDue = false;
            while (_group.Count < MaxGroup && _appends.TryDequeue(out WaitingAppend? append))
                _group.Add(append);
            return _jobs.TryDequeue(out job) || probe || _group.Count > 0;
        }
    }

    private void RunJob(WriterJob job)
    {
        if (job is WriterCheck check)
        {
            Check(check);
            return;
        }

        if (_connection is null)
        {
            job.Fail(Unavailable(null));
            return;
        }

        try
        {
            _connection.Begin(job.Synced);
            _connection.RunInterruptibly(job.Run);
            _connection.Commit();
            job.Succeed();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection.RollBack();
            job.Fail(e);
        }
    }

    private static LogUnavailableException Unavailable(Exception? cause) =>
        new(cause?.Message ?? "The log cannot be written at the moment.", cause);

    private static partial class Log
    {
        [LoggerMessage(
            200,
            LogLevel.Error,
            "The log cannot be written: {Problem} Until it can, messages are refused and counted. The server retries every {RetryAfter}.",
            EventName = "LogUnavailable")]
        public static partial void LogUnavailable(ILogger logger, string problem, TimeSpan retryAfter, Exception? exception);

        [LoggerMessage(201, LogLevel.Warning, "The log can be written again: {Count} entries were refused within {Seconds:F1} s.",
            EventName = "LogAvailable")]
        public static partial void LogAvailable(ILogger logger, long count, double seconds);

        [LoggerMessage(
            202,
            LogLevel.Warning,
            "After a failed commit, it was unknown whether {Entries} entries from {First} on were stored. They are in the log: "
                + "{Found}. Further cases are counted.",
            EventName = "DoubtResolved")]
        public static partial void DoubtResolved(ILogger logger, int entries, long first, bool found);

        [LoggerMessage(203, LogLevel.Warning, "No commit has had an unknown outcome for a while: {Count} had one within {Seconds:F1} s.",
            EventName = "DoubtsOver")]
        public static partial void DoubtsOver(ILogger logger, long count, double seconds);
    }
}
