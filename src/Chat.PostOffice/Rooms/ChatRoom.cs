using System.Collections.Concurrent;
using System.Diagnostics;
using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Settings;
using ErlChat.Snapshots;
using ErlChat.State;
using ErlChat.Telemetry;
using ErlChat.Texts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Rooms;

/// <summary>
/// The service behind every door: takes commands, appends their entries to the log, applies what the log gives back to the state, and hands the
/// mail that follows to the post office. Data runs one way round: command → log → state → mail.
/// </summary>
/// <remarks>
/// Thread-safe. Commands are appended by whichever caller finds nobody appending, in the order of their numbers; with a log that answers in process the
/// same thread then applies them, so a command costs no hop. The state is guarded by one lock, never held while mail is delivered.
/// </remarks>
public sealed partial class ChatRoom : IHostedService, IDisposable
{
    /// <summary>Commands that one caller appends in a row before another thread takes over, so that it gets its own answer soon.</summary>
    private const int MaxRun = 64;

    /// <summary>The pause before a log that could not be read is read again.</summary>
    private static readonly TimeSpan s_readAgain = TimeSpan.FromSeconds(1);

    private static readonly string s_lobbyLook = Skeleton.Of(RoomName.Lobby);

    private readonly Lock _gate = new();
    private readonly IChatLog _log;
    private readonly PostOffice _office;
    private readonly IChatHistory _history;
    private readonly ISnapshotStore _snapshots;
    private readonly ChatOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChatRoom> _logger;
    private readonly ChatRoomTroubles _troubles;
    private readonly SlashCommands _commands;
    private readonly TextRule _texts;
    private readonly Admission _admission;
    private readonly PeopleLists _people;
    private readonly RingMetrics? _metrics;
    private readonly ConcurrentQueue<PendingCommand> _outbox = new();
    private readonly ConcurrentDictionary<CommandId, PendingCommand> _pending = new();
    private readonly List<Posting> _postings = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _origin = Guid.NewGuid().ToString("N");
    private ChatState _state = new();
    private long _counter;
    private int _appending;
    private Task _reading = Task.CompletedTask;

    public ChatRoom(
        IChatLog log,
        PostOffice office,
        IChatHistory history,
        SlashCommands commands,
        IOptions<ChatOptions> options,
        TimeProvider time,
        ILogger<ChatRoom> logger,
        Admission admission,
        ISnapshotStore? snapshots = null,
        RingMetrics? metrics = null,
        Conditions? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _metrics = metrics;
        _log = log;
        _office = office;
        _history = history;
        _commands = commands;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _admission = admission;
        _troubles = new ChatRoomTroubles(time, logger);
        _office.ReaderFailed = _troubles.ReaderFailed;
        _snapshots = snapshots ?? NoSnapshots.Instance;
        _texts = new TextRule(_options);
        _people = new PeopleLists(_gate, () => _state);
        if (conditions is not null)
            _troubles.AddTo(conditions);
    }

    /// <summary>The identity of the log behind this chat.</summary>
    public string Epoch => _log.Epoch;

    /// <summary>Whether commands can be carried out: the log is replayed, and takes entries.</summary>
    public bool IsReady => _replayed && _log.IsAvailable;

    /// <summary>Whether the log takes entries, as far as it knows.</summary>
    public bool IsLogAvailable => _log.IsAvailable;

    /// <summary>Folds what the log has, restores the mailboxes, then goes on reading the log. Completes when the chat is as it was.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IAsyncEnumerator<LogEntry> log = await ReplayAsync(cancellationToken);

        // On the pool, because a log may continue the reader inline and no caller's context should travel with it.
        _reading = Task.Run(() => FollowLogAsync(log), CancellationToken.None);
    }

    /// <summary>
    /// Stops reading the log, and leaves a snapshot behind. Commands that have no answer by then are refused as <see cref="Refusal.Stopping"/>.
    /// </summary>
    /// <param name="cancellationToken">Not looked at: what stopped before may have used up its time. The room has a share of <see
    /// cref="ChatOptions.StopTimeout"/> of its own.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(new StopBudget(_options.StopTimeout).ForRoom(_office.StoppingFor), _time);
        await _reading.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // However the reading ended, or did not in time: whoever waits for an answer gets one.
        RefuseUnanswered();
        if (_reading.IsCompleted)
            await SaveLastSnapshotAsync(limit.Token);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _troubles.Dispose();
    }

    private void RefuseUnanswered()
    {
        while (_outbox.TryDequeue(out PendingCommand? command))
            command.TrySetResult(new Refused(Refusal.Stopping));
        foreach ((CommandId id, PendingCommand command) in _pending)
        {
            _pending.TryRemove(id, out _);
            command.TrySetResult(new Refused(Refusal.Stopping));
        }
    }

    /// <summary>Appends an entry; completes with what the state made of it when it came back.</summary>
    private Task<Outcome> ExecuteAsync(Entry entry) => RingTracing.IsOn ? TraceAsync(entry) : ExecuteAsync(entry, trace: null);

    private Task<Outcome> ExecuteAsync(Entry entry, Activity? trace)
    {
        if (_stopping.IsCancellationRequested)
            return Task.FromResult<Outcome>(new Refused(Refusal.Stopping));
        if (HoldsSecret(entry))
            return Task.FromResult<Outcome>(new Refused(Refusal.Secret));
        var command = new PendingCommand(entry with { At = _time.GetUtcNow() }, trace);
        _outbox.Enqueue(command);
        AppendWaiting();

        // Stopped between the check above and the queue: nobody else would answer.
        if (_stopping.IsCancellationRequested)
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
            ThreadPool.UnsafeQueueUserWorkItem(static room => room.AppendWaiting(), this, preferLocal: false);
            return;
        }
    }

    /// <summary>A command whose append fails is answered here; one whose append succeeds is answered when its entry comes back.</summary>
    private async Task AppendAsync(Entry entry, PendingCommand command)
    {
        long? started = _metrics is { WatchesAppends: true } ? _time.GetTimestamp() : null;
        using Activity? append = RingTracing.Part("append", command.Trace);
        try
        {
            await _log.AppendAsync(entry, CancellationToken.None);
            _troubles.Appended();
            if (started is { } since)
                _metrics!.Appended(_time.GetElapsedTime(since), taken: true);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (started is { } since)
                _metrics!.Appended(_time.GetElapsedTime(since), taken: false);
            append?.SetStatus(ActivityStatusCode.Error);
            _troubles.AppendFailed(e);
            _pending.TryRemove(entry.Id, out _);
            command.TrySetResult(new Refused(Refusal.Unavailable));
        }
    }

    /// <param name="log">The reading that the replay began; a new one is begun whenever one ends.</param>
    private async Task FollowLogAsync(IAsyncEnumerator<LogEntry>? log)
    {
        while (true)
        {
            try
            {
                log ??= _log.ReadAsync(_state.Sequence, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
                while (await log.MoveNextAsync())
                {
                    _troubles.Read();
                    Take(log.Current);
                    SnapshotIfDue();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The only way that a log should end.
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _troubles.ReadFailed(_state.Sequence, e);
            }
            finally
            {
                await EndReadingAsync(log);
                log = null;
            }

            try
            {
                await Task.Delay(s_readAgain, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A reading that cannot even be ended properly is one that failed; the next one is begun all the same.</summary>
    private async ValueTask EndReadingAsync(IAsyncEnumerator<LogEntry>? log)
    {
        try
        {
            if (log is not null)
                await log.DisposeAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _troubles.ReadFailed(_state.Sequence, e);
        }
    }

    /// <summary>One entry's turn of the ring: state, mail, head, answer – in this order, so that whoever is answered finds the mail there.</summary>
    private void Take(LogEntry next, bool deliver = true)
    {
        _postings.Clear();
        Outcome? outcome = null;
        Activity? trace = RingTracing.IsOn && _pending.TryGetValue(next.Entry.Id, out PendingCommand? traced) ? traced.Trace : null;
        try
        {
            using (RingTracing.Part("apply", trace))
            {
                lock (_gate)
                    outcome = _state.Apply(next.Sequence, next.Entry, _postings);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug; the same bug on every node. The log goes on.
            _postings.Clear();
            _troubles.ApplyFailed(next, e);
        }

        using (RingTracing.Part("deliver", trace))
        {
            foreach (Posting posting in _postings)
                Settle(posting, next, deliver);
        }

        _office.AdvanceHead(next.Sequence);
        if (_pending.TryRemove(next.Entry.Id, out PendingCommand? command))
            command.TrySetResult(outcome ?? new Refused(Refusal.Unavailable));
    }

    /// <summary>A command under way, and whom to answer. Answers go to the pool: the log reader must not run its callers' code.</summary>
    private sealed class PendingCommand(Entry entry, Activity? trace) : TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal Entry Entry { get; } = entry;

        /// <summary>Its span; null when it is not traced.</summary>
        internal Activity? Trace { get; } = trace;
    }
}
