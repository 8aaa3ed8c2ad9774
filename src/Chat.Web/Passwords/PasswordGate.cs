using ErlChat.Limits;
using ErlChat.Nodes;
using ErlChat.Sessions;

namespace ErlChat.Web.Passwords;

/// <summary>
/// Computes password hashes one at a time, each on a dedicated thread. However many passwords are tried, the thread pool keeps its threads
/// and the chat loses at most one core. There is a queue for each kind of password, and the queues take turns: those who try passwords of
/// members do not keep the administrators waiting. <see cref="PasswordTries"/> decides which try of a queue is next.
/// </summary>
/// <remarks>
/// Thread-safe. In a chat of several nodes, each tells the others who has tried, and charges the triers of the others.
/// </remarks>
internal sealed partial class PasswordGate : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _gate = new();
    private readonly SharedTries? _shared;
    private readonly Admission _admission;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ILogger<PasswordGate> _logger;
    private PasswordTries[] _queues = [];
    private bool _closed;

    public PasswordGate(Admission admission, TimeProvider time, ILogger<PasswordGate> logger, SharedTries? shared = null)
    {
        (_admission, _time, _logger, _shared) = (admission, time, logger, shared);
        if (shared is not null)
            shared.Heard += Charge;
        _timer = time.CreateTimer(
            static gate => ((PasswordGate)gate!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens a queue. The gate disposes it.</summary>
    internal PasswordTries Open(TryLimits limits, KnownTriers? known = null)
    {
        var queue = new PasswordTries(limits, _time, known);
        lock (_gate)
        {
            _queues = [.. _queues, queue];
            if (_closed)
                queue.Close();
        }

        return queue;
    }

    /// <summary>Waits for a turn in a queue, and for the work.</summary>
    internal ValueTask<TryAnswer> RunAsync(PasswordTries queue, SessionKey trier, string host, Action work, SessionKey? person = null)
    {
        PasswordTry added = queue.Add(trier, host, work, person);
        Wake();
        return new(CountRefusalAsync(queue, added));
    }

    public override void Dispose()
    {
        if (_shared is not null)
            _shared.Heard -= Charge;
        _timer.Dispose();
        foreach (PasswordTries queue in Volatile.Read(ref _queues))
            queue.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            int turn = 0;
            while (true)
            {
                TimeSpan pause;
                while (Next(ref turn, out pause) is { } next)
                {
                    if (_shared is not null)
                        Tell(_shared, next);
                    next.Try.TrySetResult(await ServeAsync(next.Try));
                }

                _timer.Change(pause, Timeout.InfiniteTimeSpan);
                await _wake.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
        finally
        {
            lock (_gate)
                _closed = true;
            foreach (PasswordTries queue in Volatile.Read(ref _queues))
                queue.Close();
        }
    }

    private static void Tell(SharedTries shared, (PasswordTries Queue, PasswordTry Try) served)
    {
        shared.Add(served.Try.Trier);
        if (served.Queue.CountsForPerson(served.Try))
            shared.Add(served.Try.Person!.Value);
    }

    /// <summary>The next try, from the queue whose turn it is if it has one that may be served.</summary>
    private (PasswordTries Queue, PasswordTry Try)? Next(ref int turn, out TimeSpan pause)
    {
        PasswordTries[] queues = Volatile.Read(ref _queues);
        pause = Timeout.InfiniteTimeSpan;
        for (int i = 0; i < queues.Length; i++)
        {
            int at = (turn + i) % queues.Length;
            if (queues[at].Next(out TimeSpan wait) is { } next)
            {
                turn = (at + 1) % queues.Length;
                return (queues[at], next);
            }

            if (wait != Timeout.InfiniteTimeSpan && (pause == Timeout.InfiniteTimeSpan || wait < pause))
                pause = wait;
        }

        return null;
    }

    /// <summary>
    /// A key is a hash of what it stands for, so a queue that does not know it only counts it for nothing, and soon forgets it.
    /// </summary>
    private void Charge(SessionKey key)
    {
        foreach (PasswordTries queue in Volatile.Read(ref _queues))
            queue.Charge(key);
    }

    /// <summary>
    /// Counts a refusal. A try that is refused at once had exceeded its trier's limit; one that is refused later had waited behind others.
    /// </summary>
    private async Task<TryAnswer> CountRefusalAsync(PasswordTries queue, PasswordTry added)
    {
        LimitScope scope = added.Task.IsCompleted ? LimitScope.Session : LimitScope.Server;
        TryAnswer answer = await added.Task;
        if (answer.End == TryEnd.TooMany)
            _admission.Note(new Limit(queue.Kind, scope));
        return answer;
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the server stopped.
        }
    }

    private async Task<TryAnswer> ServeAsync(PasswordTry next)
    {
        try
        {
            await Task.Factory.StartNew(next.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return new TryAnswer(TryEnd.Done);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug, or no thread could be started. The next try may succeed, so the loop has to survive this.
            Log.CheckFailed(_logger, e);
            return new TryAnswer(TryEnd.Unavailable);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Error, "A password could not be checked.", EventName = "PasswordCheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }
}
