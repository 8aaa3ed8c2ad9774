using System.Collections.Concurrent;
using ErlChat.Appending;
using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Takes users offline whose sessions are idle, brings them back, and tells others who is away.</summary>
/// <remarks>Thread-safe. It takes the state's lock only to read.</remarks>
internal sealed class Presence(
    GuardedState state,
    CommandQueue commands,
    PostOffice office,
    LogCatchUp catchUp,
    ChatOptions options,
    TimeProvider time,
    INodes nodes)
{
    /// <summary>How long to wait between two looks at a session whose mailbox is about to open, or that is about to go offline.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>How long to wait for that.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>The kinds of the entries, as logs name them.</summary>
    private const string WentKind = "went_offline", CameKind = "came_online", AwayKind = "away_changed";

    private readonly ConcurrentDictionary<SessionKey, Lazy<Task<Refused?>>> _returning = new();

    private readonly Lock _awayGate = new();

    /// <summary>The sessions of which a call about being away is under way, each with what has been said since; null if nothing.</summary>
    private readonly Dictionary<SessionKey, AwayCall?> _awayCalls = [];

    /// <inheritdoc cref="ChatRoom.EvictAsync"/>
    internal Task<Outcome> GoOfflineAsync(SessionKey session, long? servedSince)
    {
        TimeSpan lifetime = IsMembers(session) ? options.MemberLifetime : options.GuestLifetime;
        if (lifetime == TimeSpan.Zero || !CanComeBack(session))
            return commands.ExecuteAsync(new Left(session, CloseReason.Timeout) { ServedSince = servedSince });

        // While an older node lives, or this node does not know who lives, the user stays online. The next check finds the session again.
        if (!nodes.AllKnow(WentKind) || !nodes.AllKnow(CameKind))
            return Task.FromResult<Outcome>(new MovedOn());
        DateTimeOffset until = time.GetUtcNow() + lifetime;
        return commands.ExecuteAsync(new WentOffline(session, until, options.MaxOfflineSessions, options.MaxOfflineSessionsPerHost)
        {
            ServedSince = servedSince,
        });
    }

    /// <inheritdoc cref="ChatRoom.SetAwayAsync"/>
    internal Task<Outcome> SetAwayAsync(SessionKey session, bool isAway, string? key)
    {
        // While a call is on its way to the log, the state does not say yet what the next one changes. So that one waits. Of several that
        // wait, the last decides.
        AwayCall call;
        lock (_awayGate)
        {
            if (_awayCalls.TryGetValue(session, out AwayCall? waiting))
            {
                call = _awayCalls[session] = waiting ?? new AwayCall();
                (call.IsAway, call.Key) = (isAway, key);
                return call.Done.Task;
            }

            _awayCalls.Add(session, null);
        }

        call = new AwayCall { IsAway = isAway, Key = key };
        _ = RunAwayAsync(session, call);
        return call.Done.Task;
    }

    /// <summary>Carries out a call, and those that come meanwhile.</summary>
    private async Task RunAwayAsync(SessionKey session, AwayCall? call)
    {
        while (call is not null)
        {
            try
            {
                call.Done.SetResult(await SetAwayOnceAsync(session, call.IsAway, call.Key));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                call.Done.SetException(e);
            }

            lock (_awayGate)
            {
                call = _awayCalls[session];
                if (call is null)
                    _awayCalls.Remove(session);
                else
                    _awayCalls[session] = null;
            }
        }
    }

    private async Task<Outcome> SetAwayOnceAsync(SessionKey session, bool isAway, string? key)
    {
        Outcome? known = AwayOutcome(session, isAway);

        // What changes nothing needs no entry. But another node may have written one that is not applied here yet.
        if (known is Accepted)
            known = await catchUp.CatchUpAsync() ? AwayOutcome(session, isAway) : null;
        if (known is not null)
            return known;
        return nodes.AllKnow(AwayKind)
            ? await commands.ExecuteAsync(new AwayChanged(session, isAway, options.MaxAwayAudience) { Key = key })
            : new Refused(Refusal.Unavailable);
    }

    /// <summary>The outcome if the session has ended, or is as it says already; null if that needs an entry.</summary>
    private Outcome? AwayOutcome(SessionKey session, bool isAway)
    {
        lock (state.Gate)
        {
            return !state.Now.Sessions.TryGetValue(session, out Session? found) ? new Refused(Refusal.BadSession)
                : found.AwayAudience > 0 == isAway ? new Accepted(state.Now.Sequence)
                : null;
        }
    }

    /// <inheritdoc cref="ChatRoom.IsAway"/>
    internal bool IsAway(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) && found.AwayAudience > 0;
    }

    /// <inheritdoc cref="ChatRoom.IsOffline"/>
    internal bool IsOffline(SessionKey session) => session != default && !IsOpen(session) && LookAt(session) is not null;

    /// <inheritdoc cref="ChatRoom.ReturnAsync"/>
    internal async ValueTask<Refused?> ReturnAsync(SessionKey session, CancellationToken gone)
    {
        if (!IsOffline(session))
            return null;
        Lazy<Task<Refused?>> returning = _returning.GetOrAdd(
            session, key => new Lazy<Task<Refused?>>(() => ComeOnlineAsync(key)));
        try
        {
            return await returning.Value.WaitAsync(gone);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the answer any more.
            return new Refused(Refusal.Unavailable);
        }
    }

    /// <inheritdoc cref="ChatRoom.RemovalOf"/>
    internal Removal? RemovalOf(SessionKey session)
    {
        Mailbox? box = office.Find(session);
        if (session == default || box is { ClosedFor: null })
            return null;
        lock (state.Gate)
            return state.Now.FindRemoval(session, time.GetUtcNow()) is { } found && (box is null || found.WasAway) ? found : null;
    }

    private async Task<Refused?> ComeOnlineAsync(SessionKey session)
    {
        try
        {
            long began = time.GetTimestamp();
            while (LookAt(session) is { } isOnline)
            {
                if (!isOnline)
                {
                    Outcome outcome = await commands.ExecuteAsync(new CameOnline(session) { ServedBy = nodes.Self });
                    return outcome is Refused { Why: not Refusal.BadSession } refused ? refused : null;
                }

                // Online, but without an open mailbox: either the session has just been found idle, and its entry is on the way to the
                // log, or the user has just come online, and the mailbox is about to open.
                if (IsOpen(session))
                    return null;
                if (time.GetElapsedTime(began) > s_patience)
                    return new Refused(Refusal.Unavailable);
                await Task.Delay(s_look, time);
            }

            return null;
        }
        finally
        {
            _returning.TryRemove(session, out _);
        }
    }

    /// <summary>Whether a session has a mailbox that can be read, or one that says why it has ended.</summary>
    private bool IsOpen(SessionKey session) => office.Find(session) is { ClosedFor: not CloseReason.Timeout };

    /// <summary>Whether the user of a session is online; null if there is no such session.</summary>
    private bool? LookAt(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? found.IsOnline : null;
    }

    private bool IsMembers(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) && found.Person.IsMember;
    }

    /// <summary>
    /// Whether the user of a session could come back: the client keeps the token, and has used it. If it never did, the answer to the login
    /// was probably lost.
    /// </summary>
    private bool CanComeBack(SessionKey session)
    {
        // Only the session's home has seen its calls.
        bool wasUsed = office.Find(session) is not { WasUsed: false } box || (box.Home is { } home && home.Node != nodes.Self);
        lock (state.Gate)
        {
            return state.Now.Sessions.TryGetValue(session, out Session? found)
                && found is { IsKept: true, Person.Home: not null }
                && (wasUsed || found.OnlineSince > 0);
        }
    }

    /// <summary>What was said about being away. Only changed under the gate, and no longer once it is being carried out.</summary>
    private sealed class AwayCall
    {
        internal bool IsAway { get; set; }

        internal string? Key { get; set; }

        internal TaskCompletionSource<Outcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
