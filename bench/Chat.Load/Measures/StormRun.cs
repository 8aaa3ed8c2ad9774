using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>Both storms on one server with a durable log: one after a crash (kill -9), one after a stop (SIGTERM).</summary>
internal static class StormRun
{
    internal static async Task<(StormFigures Crash, StormFigures Stop)> RunAsync(
        Reactor reactor, Func<string, PeerSettings> settings, int listeners, Action<string> say, CancellationToken cancellationToken)
    {
        // The server is not tied to the measurement: when the time is up, the measurement is abandoned, and the server is stopped all the
        // same.
        await using var server = new DurableServer(settings);
        return await MeasureAsync(reactor, server, listeners, say, cancellationToken).WaitAsync(cancellationToken);
    }

    private static async Task<(StormFigures Crash, StormFigures Stop)> MeasureAsync(
        Reactor reactor, DurableServer server, int listeners, Action<string> say, CancellationToken cancellationToken)
    {
        var peer = new CometPeer(await server.StartAsync(cancellationToken));
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, listeners, talkers: 1, cancellationToken);
        long started = Clock.Now;
        await crowd.EnterAsync(cancellationToken);
        say($"{listeners} entered in {Clock.Seconds(Clock.Now - started):F1} s");
        var storm = new Storm(reactor, crowd, server.Port);
        await storm.ParkAsync(cancellationToken);

        StormFigures crash = await storm.CrashAsync(
            async () =>
            {
                await server.CrashAsync();
                return await StartAsync();
            },
            cancellationToken);
        say($"after a crash: {crash}");
        await reactor.DelayAsync(TimeSpan.FromSeconds(1));
        StormFigures stop = await storm.StopAsync(
            async () => say($"stopped within {(await server.StopAsync(cancellationToken)).TotalSeconds:F1} s"),
            StartAsync,
            cancellationToken);
        say($"after a stop: {stop}");
        return (crash, stop);

        async Task<long> StartAsync()
        {
            long began = Clock.Now;
            ServerProcess process = await server.StartAsync(cancellationToken);
            say($"started again, ready after {Clock.Seconds(Clock.Now - began):F1} s");
            return process.ListeningSince;
        }
    }
}
