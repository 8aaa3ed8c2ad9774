namespace ErlChat.Load.Measures;

/// <summary>Runs one measurement within a time limit, and reports a failure in one line.</summary>
internal static class PeerRun
{
    /// <summary>
    /// Runs a measurement on one freshly started peer. Returns true if it succeeded. Otherwise <paramref name="complain"/> was told why
    /// not.
    /// </summary>
    /// <exception cref="OperationCanceledException">The program was told to end. The peer has been stopped.</exception>
    internal static bool Run(
        IDriver driver,
        PeerSettings settings,
        TimeSpan limit,
        Func<Reactor, IPeer, CancellationToken, Task> measure,
        Action<string> complain,
        CancellationToken cancellationToken)
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
                peer = await driver.StartAsync(settings, token);
                await using IPeer ended = peer;
                await measure(reactor, peer, token).WaitAsync(token);
            },
            why => complain(peer?.Server.LastWords() is { Length: > 0 } words ? $"{why} Its last words: {words}" : why),
            cancellationToken);
    }

    /// <summary>Runs a measurement that starts its own servers, and stops them when it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The program was told to end.</exception>
    internal static bool Guard(
        string name,
        TimeSpan limit,
        Func<Reactor, CancellationToken, Task> measure,
        Action<string> complain,
        CancellationToken cancellationToken)
    {
        try
        {
            return Reactor.Run(async reactor =>
            {
                using var patience = new CancellationTokenSource(limit, TimeProvider.System);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
                await measure(reactor, both.Token);
                return true;
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            complain($"{name}: not done after {limit.TotalSeconds:F0} s.");
        }
        catch (Exception e) when (
            e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            complain($"{name}: {e.Message}");
        }

        return false;
    }
}
