using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>Both storms on one server with a durable log: after a crash (kill -9), and after a stop (SIGTERM).</summary>
internal static class StormRun
{
    internal static async Task<(StormFigures Crash, StormFigures Stop)> RunAsync(
        Reactor reactor, Func<string, PeerSettings> settings, int listeners, Action<string> say, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("erlchat-storm-");
        PeerSettings same = settings(folder.FullName);
        ServerProcess? server = null;
        try
        {
            server = await ChatServer.StartAsync(same, cancellationToken);
            var peer = new CometPeer(server);
            using Crowd crowd = await Crowd.GatherAsync(reactor, peer, listeners, talkers: 1, cancellationToken);
            long started = Clock.Now;
            await crowd.EnterAsync(cancellationToken);
            say($"{listeners} entered in {Clock.Seconds(Clock.Now - started):F1} s");
            var storm = new Storm(reactor, crowd, same.Port);
            await storm.ParkAsync(cancellationToken);

            StormFigures crash = await storm.CrashAsync(
                async () =>
                {
                    await server.DisposeAsync();
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
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
            folder.Delete(recursive: true);
        }

        async Task<long> StartAsync()
        {
            long started = Clock.Now;
            server = await ChatServer.StartAsync(same, cancellationToken);
            say($"started again, ready after {Clock.Seconds(Clock.Now - started):F1} s");
            return server.ListeningSince;
        }
    }
}
