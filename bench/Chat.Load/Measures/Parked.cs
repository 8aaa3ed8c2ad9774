namespace ErlChat.Load.Measures;

/// <summary>How much memory parked polls use, when new and after many deliveries.</summary>
internal static class Parked
{
    /// <summary>
    /// How long the clients stay idle before memory is read. Our server returns memory in three steps, at least a second apart.
    /// </summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(6);

    /// <summary>Rounds that do not count for times and CPU, because the servers are still compiling their code.</summary>
    private const int WarmUp = 3;

    internal static async Task<ParkedFigures> RunAsync(
        Reactor reactor, IPeer peer, int polls, int deliveries, Action<string> say, CancellationToken cancellationToken)
    {
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, polls, talkers: 1, cancellationToken);
        await reactor.DelayAsync(s_quiet);
        Weight empty = Weight.OfEmpty(peer.Server);
        say($"empty: {empty.Private / 1024.0 / 1024.0:F0} MB");
        long started = Clock.Now;
        await crowd.EnterAsync(cancellationToken);
        say($"{polls} entered in {Clock.Seconds(Clock.Now - started):F1} s");
        FanOut fanOut = await FanOut.ParkAsync(crowd, reactor, pollAgain: true, cancellationToken);
        await reactor.DelayAsync(s_quiet);
        crowd.CheckListeners();
        Weight fresh = Weight.Of(peer.Server) - empty;
        say($"parked, fresh: {fresh.For(polls)}");
        if (deliveries == 0)
            return new ParkedFigures(polls, fresh, fresh, null);

        int rounds = Math.Max((deliveries + polls - 1) / polls, WarmUp + 1);
        await fanOut.RunAsync(WarmUp, cancellationToken);
        FanOutFigures times = await fanOut.RunAsync(rounds - WarmUp, cancellationToken);
        await reactor.DelayAsync(s_quiet);
        crowd.CheckListeners();
        Weight used = Weight.Of(peer.Server) - empty;
        say($"{times}");
        say($"parked, after {rounds * polls} deliveries: {used.For(polls)}");
        return new ParkedFigures(polls, fresh, used, times);
    }
}
