namespace ErlChat.Load.Measures;

/// <summary>The listeners and the talkers of one peer, on the reactor's thread.</summary>
internal sealed class Crowd : IDisposable
{
    /// <summary>How many logins and other setup calls may be in flight at a time.</summary>
    private const int AtOnce = 64;

    private Crowd(IPeer peer, Listener[] listeners, Talker[] talkers) => (Peer, Listeners, Talkers) = (peer, listeners, talkers);

    internal IPeer Peer { get; }

    internal Listener[] Listeners { get; }

    internal Talker[] Talkers { get; }

    /// <summary>Gathers a crowd with all listeners in one room.</summary>
    internal static Task<Crowd> GatherAsync(Reactor reactor, IPeer peer, int listeners, int talkers, CancellationToken cancellationToken) =>
        GatherAsync(
            reactor, peer, new StreamPlan { Listeners = listeners, Talkers = talkers, Rate = 0, Time = TimeSpan.Zero }, cancellationToken);

    /// <summary>
    /// Creates the talkers and lets one send a message, so that the server has done everything once. <see cref="EnterAsync"/> then adds the
    /// listeners.
    /// </summary>
    internal static async Task<Crowd> GatherAsync(Reactor reactor, IPeer peer, StreamPlan plan, CancellationToken cancellationToken)
    {
        var crowd = new Crowd(
            peer,
            [.. Enumerable.Range(0, plan.Listeners).Select(i => peer.CreateListener(reactor, i, plan.RoomOfListener(i)))],
            [.. Enumerable.Range(0, plan.Talkers).Select(i => peer.CreateTalker(reactor, plan.Listeners + i, plan.RoomOfTalker(i)))]);
        await ForEachAsync(crowd.Talkers, talker => talker.EnterAsync(peer.Server.Port), cancellationToken);
        crowd.Talkers[0].Say(0);
        return crowd;
    }

    /// <summary>Connects all listeners and logs them in. After the last login, all park their polls.</summary>
    internal async Task EnterAsync(CancellationToken cancellationToken)
    {
        await ForEachAsync(
            Listeners,
            async listener =>
            {
                await listener.ConnectAsync(Peer.PortOf(listener.Number));
                await listener.EnterAsync();
            },
            cancellationToken);
        await ForEachAsync(Listeners, listener => listener.CatchUpAsync(), cancellationToken);
    }

    internal async Task ParkAsync(IDeliveries deliveries, bool pollAgain, CancellationToken cancellationToken)
    {
        await ForEachAsync(
            Listeners,
            listener =>
            {
                listener.Deliveries = deliveries;
                listener.PollsAgain = pollAgain;
                listener.Park();
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    /// <exception cref="IOException">A talker's message was refused.</exception>
    internal void CheckTalkers()
    {
        if (Talkers.Select(talker => talker.Refused).FirstOrDefault(why => why is not null) is { } refused)
            throw new IOException("A message was refused: " + refused);
    }

    /// <exception cref="IOException">A listener no longer has a poll, so the measurement would not be what it claims to be.</exception>
    internal void CheckListeners()
    {
        Listener[] dropped = [.. Listeners.Where(listener => listener.DropReason is not null)];
        if (dropped.Length > 0)
            throw new IOException($"{dropped.Length} of {Listeners.Length} listeners are out: {dropped[0].DropReason}");
    }

    public void Dispose()
    {
        foreach (Listener listener in Listeners)
            listener.Dispose();
        foreach (Talker talker in Talkers)
            talker.Dispose();
    }

    /// <summary>Runs the action on a few items at a time, and yields to the reactor in between.</summary>
    internal static async Task ForEachAsync<T>(T[] items, Func<T, Task> action, CancellationToken cancellationToken)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, items.Length)).Select(async _ =>
        {
            while (next < items.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await action(items[next++]);
                if (next % AtOnce == 0)
                    await Task.Yield();
            }
        }));
    }
}
