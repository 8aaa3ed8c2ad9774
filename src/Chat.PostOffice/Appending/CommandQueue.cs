using System.Collections.Concurrent;
using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Telemetry;

namespace ErlChat.Appending;

/// <summary>
/// Takes commands: numbers their entries, appends them to the log in that order, and owns the callers' pending answers until the entry
/// has come back or the append has failed.
/// </summary>
/// <remarks>
/// Thread-safe, without a lock. A command is appended by whichever caller finds nobody else appending; with a log that answers in
/// process, the same thread then applies it, so a command costs no hop.
/// </remarks>
internal sealed class CommandQueue(IChatLog log, TimeProvider time, RingTroubles troubles, RingMetrics? metrics)
{
    /// <summary>Commands that one caller appends in a row before another thread takes over, so that it gets its own answer soon.</summary>
    private const int MaxRun = 64;

    private readonly ConcurrentQueue<PendingCommand> _outbox = new();
    private readonly ConcurrentDictionary<CommandId, PendingCommand> _pending = new();
    private readonly string _origin = Guid.NewGuid().ToString("N");
    private long _counter;
    private int _appending;
    private volatile bool _stopped;

    /// <summary>
    /// Appends an entry; completes with what the state made of it when it came back, or refused for Secret, Unavailable or Stopping.
    /// </summary>
    internal Task<Outcome> ExecuteAsync(Entry entry) => RingTracing.IsOn ? TraceAsync(entry) : ExecuteAsync(entry, trace: null);

    /// <summary>The span of the command behind an entry; null when it is not traced, or was given to another process.</summary>
    internal Activity? TraceOf(CommandId id) =>
        RingTracing.IsOn && _pending.TryGetValue(id, out PendingCommand? traced) ? traced.Trace : null;

    /// <summary>An entry has come back from the log: answers the caller, if the command was given to this process.</summary>
    internal void Answer(CommandId id, Outcome? outcome)
    {
        if (_pending.TryRemove(id, out PendingCommand? command))
            command.TrySetResult(outcome ?? new Refused(Refusal.Unavailable));
    }

    /// <summary>From now on every command is refused as <see cref="Refusal.Stopping"/>.</summary>
    internal void StopTaking()
    {
        // The fence: a command enqueued after this sees the flag, and one enqueued before is found by RefuseUnanswered.
        _stopped = true;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Refuses the commands that are still unanswered when the log is no longer followed.</summary>
    internal void RefuseUnanswered()
    {
        while (_outbox.TryDequeue(out PendingCommand? command))
            command.TrySetResult(new Refused(Refusal.Stopping));
        foreach ((CommandId id, PendingCommand command) in _pending)
        {
            _pending.TryRemove(id, out _);
            command.TrySetResult(new Refused(Refusal.Stopping));
        }
    }

    private async Task<Outcome> TraceAsync(Entry entry)
    {
        using Activity? trace = RingTracing.Command(entry);
        Outcome outcome = await ExecuteAsync(entry, trace);
        if (trace is not null)
            RingTracing.End(trace, outcome);
        return outcome;
    }

    private Task<Outcome> ExecuteAsync(Entry entry, Activity? trace)
    {
        if (_stopped)
            return Task.FromResult<Outcome>(new Refused(Refusal.Stopping));
        if (EntrySecrets.IsIn(entry))
            return Task.FromResult<Outcome>(new Refused(Refusal.Secret));
        var command = new PendingCommand(entry with { At = time.GetUtcNow() }, trace);
        _outbox.Enqueue(command);
        AppendWaiting();

        // Stopped between the check above and the queue: nobody else would answer.
        if (_stopped)
            command.TrySetResult(new Refused(Refusal.Stopping));
        return command.Task;
    }

    private void AppendWaiting()
    {
        int run = 0;
        while (!_outbox.IsEmpty && Interlocked.CompareExchange(ref _appending, 1, 0) == 0)
        {
            for (; run < MaxRun && _outbox.TryDequeue(out PendingCommand? command); run++)
            {
                Entry entry = command.Entry with { Id = new CommandId(_origin, ++_counter) };
                _pending[entry.Id] = command;
                _ = AppendAsync(entry, command);
            }

            // A full fence before looking again: whoever found the place taken has enqueued before.
            Interlocked.Exchange(ref _appending, 0);
            if (run < MaxRun)
                continue;
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.AppendWaiting(), this, preferLocal: false);
            return;
        }
    }

    /// <summary>A command whose append fails is answered here; one whose append succeeds is answered when its entry comes back.</summary>
    private async Task AppendAsync(Entry entry, PendingCommand command)
    {
        long? started = metrics is { WatchesAppends: true } ? time.GetTimestamp() : null;
        using Activity? append = RingTracing.Part("append", command.Trace);
        try
        {
            await log.AppendAsync(entry, CancellationToken.None);
            troubles.Appended();
            if (started is { } since)
                metrics!.Appended(time.GetElapsedTime(since), taken: true);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (started is { } since)
                metrics!.Appended(time.GetElapsedTime(since), taken: false);
            append?.SetStatus(ActivityStatusCode.Error);
            troubles.AppendFailed(e);
            _pending.TryRemove(entry.Id, out _);
            command.TrySetResult(new Refused(Refusal.Unavailable));
        }
    }
}
