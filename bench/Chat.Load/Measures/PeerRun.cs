namespace ErlChat.Load.Measures;

/// <summary>Runs one measure on one freshly started peer, within a time limit.</summary>
internal static class PeerRun
{
    /// <summary>True when the measure went through; otherwise <paramref name="complain"/> was told why not.</summary>
    internal static bool Run(IDriver driver, PeerSettings settings, TimeSpan limit, Func<Reactor, IPeer, CancellationToken, Task> measure, Action<string> complain)
    {
        if (driver.Missing is { } missing)
        {
            complain($"{driver.Name}: left out, {missing}");
            return false;
        }

        IPeer? peer = null;
        try
        {
            return Reactor.Run(async reactor =>
            {
                using var patience = new CancellationTokenSource(limit, TimeProvider.System);
                try
                {
                    peer = await driver.StartAsync(settings, patience.Token);
                    await measure(reactor, peer, patience.Token).WaitAsync(patience.Token);
                    return true;
                }
                finally
                {
                    if (peer is not null)
                        await peer.DisposeAsync();
                }
            });
        }
        catch (OperationCanceledException)
        {
            complain($"{driver.Name}: not done after {limit.TotalSeconds:F0} s. {peer?.Server.LastWords()}");
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            complain($"{driver.Name}: {e.Message} {peer?.Server.LastWords()}");
        }

        return false;
    }
}
