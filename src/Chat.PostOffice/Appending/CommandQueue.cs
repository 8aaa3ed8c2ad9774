using System.Collections.Concurrent;
using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Serialization;
using ErlChat.Telemetry;

namespace ErlChat.Appending;

/// <summary>
/// Takes commands. It numbers their entries, appends them to the log in that order, and keeps the callers' pending answers until the entry
/// has come back or the append has failed.
/// </summary>
/// <remarks>
/// Thread-safe, without a lock. The caller that finds no other thread appending appends the waiting commands. If the log answers in
/// process, the same thread then applies them, so a command costs no thread hop.
/// </remarks>
/// <param name="nodes">The nodes that share the log; null for a single one.</param>
internal sealed class CommandQueue(IChatLog log, TimeProvider time, RingTroubles troubles, RingMetrics? metrics, INodes? nodes)
{
    /// <summary>
    /// How many commands one caller appends in a row before another thread takes over. The limit keeps that caller's own answer from
    /// waiting too long.
    /// </summary>
    private const int MaxRun = 64;

    private readonly ConcurrentQueue<PendingCommand> _outbox = new();
    private readonly ConcurrentDictionary<CommandId, PendingCommand> _pending = new();
    private readonly string _origin = Guid.NewGuid().ToString("N");
    private long _counter;
    private int _appending;
    private volatile bool _stopped;
    private volatile bool _unfollowed;

    /// <summary>The origin of the entries that this process writes.</summary>
    internal string Origin => _origin;

    /// <summary>
    /// Appends an entry. The task completes with the outcome that the state decided when the entry came back, or with a refusal: Secret,
    /// Unavailable or Stopping.
    /// </summary>
    internal Task<Outcome> ExecuteAsync(Entry entry) => RingTracing.IsOn ? TraceAsync(entry) : ExecuteAsync(entry, trace: null);

    /// <summary>The span of the command that an entry belongs to; null if the command is not traced or another process issued it.</summary>
    internal Activity? TraceOf(CommandId id) =>
        RingTracing.IsOn && _pending.TryGetValue(id, out PendingCommand? traced) ? traced.Trace : null;

    /// <summary>Answers the caller of a command whose entry has come back from the log, if this process issued the command.</summary>
    internal void Answer(CommandId id, Outcome? outcome)
    {
        if (_pending.TryRemove(id, out PendingCommand? command))
            command.TrySetResult(outcome ?? new Refused(Refusal.Unavailable));
    }

    /// <summary>Makes every later command fail with <see cref="Refusal.Stopping"/>.</summary>
    internal void StopTaking()
    {
        // A full fence: a command enqueued after this line sees the flag, and RefuseUnanswered finds any that was enqueued before it.
        _stopped = true;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Whether an entry of a kind can be written now, because every node that shares the log knows the kind.</summary>
    internal bool MayWrite(string kind) => nodes?.AllKnow(kind) != false;

    /// <summary>Refuses the commands that are still unanswered once the log is no longer followed.</summary>
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

    /// <summary>
    /// Refuses every command that has no answer, and every later one, because no entry comes back from the log any more.
    /// </summary>
    internal void EndFollowing()
    {
        // A full fence, as in StopTaking: a command appended after this line sees the flag.
        _unfollowed = true;
        Interlocked.MemoryBarrier();
        foreach (CommandId id in _pending.Keys)
            Answer(id, outcome: null);
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
        if (nodes is not null && EntryCodec.KindOf(entry) is var kind && !MayWrite(kind))
        {
            troubles.KindRefused(kind);
            return Task.FromResult<Outcome>(new Refused(Refusal.Unavailable));
        }

        var command = new PendingCommand(entry with { At = time.GetUtcNow() }, trace);
        _outbox.Enqueue(command);
        AppendWaiting();

        // The stop began between the check above and the enqueue, so nobody else would answer this command.
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

            // A full fence before the next look at the queue: a caller that saw _appending taken has already enqueued its command.
            Interlocked.Exchange(ref _appending, 0);
            if (run < MaxRun)
                continue;
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.AppendWaiting(), this, preferLocal: false);
            return;
        }
    }

    /// <summary>
    /// Appends one entry. If the append fails, the command is answered here; if it succeeds, it is answered when the entry comes back.
    /// </summary>
    private async Task AppendAsync(Entry entry, PendingCommand command)
    {
        long? started = metrics is { WatchesAppends: true } ? time.GetTimestamp() : null;
        using Activity? append = RingTracing.Part("append", command.Trace);
        try
        {
            await log.AppendAsync(entry, CancellationToken.None);
            if (_unfollowed)
                Answer(entry.Id, outcome: null);
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
