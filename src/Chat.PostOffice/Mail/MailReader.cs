namespace ErlChat;

/// <summary>
/// A reader that sees for itself when it has waited long enough, or is gone: the other end of a read's patience, for those who have a clock and a connection anyhow.
/// One read at a time. Thread-safe: whoever keeps the time and whoever sees the connection end need not be the one who reads.
/// </summary>
public sealed class MailReader
{
    private Waiter? _waiter;
    private volatile bool _gone;

    /// <summary>Ends the read that is parked, if one is, with <see cref="MailStatus.Timeout"/>.</summary>
    public void Expire() => Volatile.Read(ref _waiter)?.End(Wake.Timeout);

    /// <summary>Ends the read that is parked, and every one to come, with <see cref="MailStatus.Aborted"/>.</summary>
    public void Leave()
    {
        _gone = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _waiter)?.End(Wake.Aborted);
    }

    internal void Begin(Waiter waiter)
    {
        Volatile.Write(ref _waiter, waiter);

        // The fence, as in PostOffice.StopAdmitting: either the leaver finds the waiter, or this finds that it has left.
        Interlocked.MemoryBarrier();
        if (_gone)
            waiter.End(Wake.Aborted);
    }

    internal void Done() => Volatile.Write(ref _waiter, null);
}
