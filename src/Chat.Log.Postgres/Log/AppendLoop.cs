using System.Threading.Channels;
using ErlChat.Log;
using ErlChat.Postgres.Connections;
using ErlChat.Serialization;
using Npgsql;

namespace ErlChat.Postgres.Log;

/// <summary>
/// Appends entries: whatever waits is one batch, and one batch is under way at a time. It is repeated unchanged until the database has
/// answered, over a new connection each time something is wrong with the last one.
/// </summary>
/// <remarks>
/// Thread-safe: one loop, and callers that only put entries into its queue. Entries that were never sent can be refused, and are if the
/// database is away for too long; those in a batch under way cannot, because they may be in the log. When the loop ends, they are too,
/// because nobody would find out any more.
/// </remarks>
internal sealed class AppendLoop : IAsyncDisposable
{
    /// <summary>The most entries in a batch: above this, a batch takes longer without more entries per second.</summary>
    private const int MaxBatch = 500;

    private const string Lost = "EL001";

    /// <summary>
    /// How often the database is tried while there is nothing to append, so that its absence shows before the next message.
    /// </summary>
    private static readonly TimeSpan s_probeEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    private readonly Channel<WaitingAppend> _queue;
    private readonly Primary _primary;
    private readonly PostgresLogOptions _options;
    private readonly TimeProvider _time;
    private readonly LogEnd _end;
    private readonly DatabaseOutage _outage;
    private readonly ITimer _refusal;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<WaitingAppend> _batch = [];
    private readonly Lock _gate = new();
    private Task? _running;
    private AppendStatement? _statement;
    private Task<bool>? _waiting;
    private WaitingAppend? _next;
    private string? _origin;
    private (long Counter, long Sequence)? _acked;
    private bool _isAway;
    private volatile bool _refuses;

    /// <param name="outage">Failures of the database, of reading too.</param>
    internal AppendLoop(Primary primary, PostgresLogOptions options, TimeProvider time, LogEnd end, DatabaseOutage outage)
    {
        (_primary, _options, _time, _end, _outage) = (primary, options, time, end, outage);
        _queue = Channel.CreateBounded<WaitingAppend>(new BoundedChannelOptions(options.MaxWaitingEntries)
        {
            AllowSynchronousContinuations = false,
        });
        _refusal = time.CreateTimer(
            static loop => ((AppendLoop)loop!).BeginRefusing(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts appending, unless that has been done.</summary>
    internal void Start()
    {
        lock (_gate)
            _running ??= Task.Run(RunAsync);
    }

    /// <summary>Whether entries are accepted, as far as is known.</summary>
    internal bool IsAvailable => _running is not null && !_refuses && _end.Why is null;

    /// <summary>Whether entries are refused because the database has been away for too long.</summary>
    internal bool IsRefusing => _refuses && _end.Why is null;

    /// <summary>Puts an entry into the queue. The task completes when the database has it.</summary>
    /// <exception cref="LogUnavailableException">
    /// The entry is not in the log and will not be; or it was under way when the log ended or the server stopped, and may be in the log.
    /// </exception>
    internal Task AppendAsync(EntryRow row)
    {
        if (_end.Why is { } why)
            throw new LogUnavailableException(why);
        if (_refuses || _running is null)
            throw Away();
        var append = new WaitingAppend(row);
        if (!_queue.Writer.TryWrite(append))
            throw new LogUnavailableException("Too many entries wait for the database.");

        // The database may have been given up between the check and the write.
        if (_refuses || _end.Why is not null)
            EmptyQueue();
        return append.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
            return;
        if (_running is not null)
            await _running.WaitAsync(s_stopLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        if (_running is not null)
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _refusal.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (_end.Why is null && await StepAsync())
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _end.Reach($"Appending to the log failed because of an error in this program: {e}");
        }

        _statement?.Dispose();
        foreach (WaitingAppend append in _batch)
            append.TrySetException(new LogUnavailableException(_end.Why ?? "The server stops."));
        _next?.TrySetException(Away());
        _refuses = true;
        EmptyQueue();
    }

    /// <summary>Appends a batch, or tries the database if there is none. False once the queue is complete and empty.</summary>
    private async Task<bool> StepAsync()
    {
        // Without a connection there is nothing to wait for: the first entry should find one.
        bool isIdle = _statement is not null && _batch.Count == 0 && _next is null && !await WaitAsync();
        if (isIdle && _queue.Reader.Completion.IsCompleted)
            return false;
        try
        {
            _statement ??= await AppendStatement.OpenAsync(_primary, _stopping.Token);
            if (_batch.Count == 0)
                Take();
            if (_batch.Count == 0)
                await _statement.ProbeAsync(_stopping.Token);
            else
                Answer(await _statement.AppendAsync([.. _batch.Select(static append => append.Row)], _acked, _stopping.Token));
            SetAvailable();
        }
        catch (PostgresException e) when (e.SqlState is Lost)
        {
            // What this node has applied contains what nobody else has.
            _end.Reach($"Entries are missing in the database: {e.MessageText}. A fail-over or a restore may have taken them away.");
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or ObjectDisposedException)
        {
            // EL002 too: the other nodes had given this one up, and its next heartbeat brings it back.
            SetAway(e);
            _statement?.Dispose();
            _statement = null;
            await Task.Delay(Pause(), _time, _stopping.Token);
        }

        return true;
    }

    /// <summary>Waits for an entry; false if none has come for a while, or none will.</summary>
    private async Task<bool> WaitAsync()
    {
        _waiting ??= _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (!_waiting.IsCompleted)
        {
            await _waiting.WaitAsync(s_probeEvery, _time, _stopping.Token)
                .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _stopping.Token.ThrowIfCancellationRequested();
            if (!_waiting.IsCompleted)
                return false;
        }

        bool some = await _waiting;
        _waiting = null;
        return some;
    }

    /// <summary>Takes the waiting entries of one origin.</summary>
    private void Take()
    {
        while (_batch.Count < MaxBatch && (_next ?? (_queue.Reader.TryRead(out WaitingAppend? read) ? read : null)) is { } append)
        {
            _next = null;
            if (append.Row.Origin != _origin)
            {
                if (_batch.Count > 0)
                {
                    _next = append;
                    return;
                }

                (_origin, _acked) = (append.Row.Origin, null);
            }

            _batch.Add(append);
        }
    }

    private void Answer(long last)
    {
        _acked = (_batch[^1].Row.Counter, last);
        foreach (WaitingAppend append in _batch)
            append.TrySetResult();
        _batch.Clear();
    }

    private void SetAway(Exception e)
    {
        _outage.Failed(e);
        if (_isAway)
            return;
        lock (_gate)
            _isAway = true;
        _refusal.Change(_options.RefuseAfter, Timeout.InfiniteTimeSpan);
    }

    private void SetAvailable()
    {
        _outage.Succeeded();
        if (!_isAway)
            return;
        _refusal.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
            (_isAway, _refuses) = (false, false);
    }

    /// <summary>The database has been away for too long.</summary>
    private void BeginRefusing()
    {
        lock (_gate)
            _refuses = _isAway;
        if (_refuses)
            EmptyQueue();
    }

    /// <summary>Refuses what was never sent.</summary>
    private void EmptyQueue()
    {
        while (_queue.Reader.TryRead(out WaitingAppend? append))
            append.TrySetException(_end.Why is { } why ? new LogUnavailableException(why) : Away());
    }

    private static LogUnavailableException Away() => new("The database cannot be reached.");

    /// <summary>Random, so that the nodes do not all come at once.</summary>
    private static TimeSpan Pause() => TimeSpan.FromMilliseconds(50 + Random.Shared.Next(100));
}
