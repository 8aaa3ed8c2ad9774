namespace ErlChat.Tests;

/// <summary>
/// A TCP proxy on loopback in front of the database, which loses connections: it cuts them, or swallows what the database says first, so
/// that an answer is lost after the statement was carried out.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CuttingProxy(int target) : TcpRelay(target)
{
    private volatile bool _swallows;
    private int _swallowed;

    /// <summary>How many pieces of what the database said were swallowed.</summary>
    internal int Swallowed => Volatile.Read(ref _swallowed);

    /// <summary>Cuts all connections.</summary>
    internal void Cut()
    {
        CloseAll();
        _swallows = false;
    }

    /// <summary>From now on nothing that the database says arrives, until <see cref="Cut"/>.</summary>
    internal void Swallow() => _swallows = true;

    protected override bool Passes(bool isAnswer)
    {
        if (!isAnswer || !_swallows)
            return true;
        Interlocked.Increment(ref _swallowed);
        return false;
    }
}
