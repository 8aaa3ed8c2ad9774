using ErlChat.Log;
using ErlChat.Logging;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Log;

/// <summary>
/// The one thread that writes to the database. What waits to be appended goes into one transaction, synced before anybody sees it; between
/// two of these it does one job of another kind. One writer means that nothing in this process ever waits for SQLite's write lock.
/// </summary>
/// <remarks>
/// Thread-safe. A thread of its own, not a task: it blocks in fsync, and on a machine with two cores the pool would have one thread less
/// for as long as that takes.
/// </remarks>
internal sealed partial class LogWriter : IDisposable
{
    /// <summary>
    /// Entries of one transaction: enough that the sync costs little per entry, few enough that the first does not wait long for the last.
    /// </summary>
    private const int MaxGroup = 1000;

    /// <summary>Bytes that a probe writes: a disk that takes them takes a group of messages.</summary>
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
    /// <param name="closeReaders">Closes every other connection of this process, and keeps new ones waiting until the next call of
    /// <paramref name="open"/>.</param>
    /// <param name="publish">Takes entries that are in the file, in order, on the writer's thread.</param>
    /// <param name="last">The highest sequence that was ever given.</param>
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

    /// <summary>Whether the disk took what it was last given.</summary>
    internal bool IsAvailable => _available;

    /// <summary>Carries a COMMIT out; tests put a failing disk here.</summary>
    internal Action<WriterConnection> Commit { get; set; } = static connection => connection.Commit();

    /// <summary>Queues an entry, in the order of calls.</summary>
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
    /// Does something in a transaction of its own, without waiting for the disk: it is there after a crash of the process, not surely after
    /// one of the machine.
    /// </summary>
    internal Task<T> RunAsync<T>(Func<SqliteConnection, T> work)
    {
        var job = new WriterJob<T>(work);
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

    /// <summary>Writes what is queued, then ends the thread and closes its connection.</summary>
    public void Dispose() => Close(s_patience);

    /// <summary>
    /// The same within a limit: long jobs are interrupted then and fail, and a write-ahead log that could not be brought into the database
    /// by then stays for the next start. False when the thread did not end all the same, because the disk does not answer; it ends with the
    /// process.
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
            // Again and again: another job may wait behind the one that is interrupted.
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

    /// <summary>Waits for something to do; false when there will be nothing any more.</summary>
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
            _connection.Begin(synced: false);
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
