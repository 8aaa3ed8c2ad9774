namespace ErlChat.Load.Measures;

/// <summary>Runs one measure within a time limit, and tells a failure in one line.</summary>
internal static class PeerRun
{
    /// <summary>Runs a measure on one freshly started peer. True when it went through; otherwise <paramref name="complain"/> was told why not.</summary>
    internal static bool Run(IDriver driver, PeerSettings settings, TimeSpan limit, Func<Reactor, IPeer, CancellationToken, Task> measure, Action<string> complain)
    {
        if (driver.Missing is { } missing)
        {
            complain($"{driver.Name}: left out, {missing}");
            return false;
        }

        IPeer? peer = null;
        return Guard(
            driver.Name,
            limit,
            async (reactor, token) =>
            {
                try
                {
                    peer = await driver.StartAsync(settings, token);
                    await measure(reactor, peer, token).WaitAsync(token);
                }
                finally
                {
                    if (peer is not null)
                        await peer.DisposeAsync();
                }
            },
            why => complain(peer?.Server.LastWords() is { Length: > 0 } words ? $"{why} Its last words: {words}" : why));
    }

    /// <summary>Runs a measure that starts its servers by itself.</summary>
    internal static bool Guard(string name, TimeSpan limit, Func<Reactor, CancellationToken, Task> measure, Action<string> complain)
    {
        try
        {
            return Reactor.Run(async reactor =>
            {
                using var patience = new CancellationTokenSource(limit, TimeProvider.System);
                await measure(reactor, patience.Token);
                return true;
            });
        }
        catch (OperationCanceledException)
        {
            complain($"{name}: not done after {limit.TotalSeconds:F0} s.");
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            complain($"{name}: {e.Message}");
        }

        return false;
    }
}
