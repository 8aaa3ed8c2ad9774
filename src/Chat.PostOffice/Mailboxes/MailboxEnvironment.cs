using ErlChat.Settings;

namespace ErlChat.Mailboxes;

/// <summary>
/// What all mailboxes share: their bounds, the clock, how far delivery has come, and the totals over all of them.
/// </summary>
/// <remarks>Thread-safe and lock-free: mailboxes use it while they hold their own lock.</remarks>
internal sealed class MailboxEnvironment(ChatOptions options, TimeProvider time)
{
    private long _head;
    private long _parked;
    private long _held;
    private volatile bool _stopping;

    internal ChatOptions Options { get; } = options;

    internal TimeProvider Time { get; } = time;

    /// <summary>Told when what awaited a read of some mailbox threw where it was woken: a bug. Thread-safe; must not throw.</summary>
    internal Action<Exception> ReaderFailed { get; set; } = static _ => { };

    /// <summary>Sequence of the newest entry whose mail has been delivered; 0 before the first.</summary>
    internal long Head => Volatile.Read(ref _head);

    /// <summary>Where <see cref="Head"/> was when the log had been replayed; 0 when there was nothing to replay.</summary>
    internal long RestoredHead { get; set; }

    /// <summary>Readers parked at this moment, over all mailboxes.</summary>
    internal long Parked => Interlocked.Read(ref _parked);

    /// <summary>Estimated bytes of the mail that mailboxes hold; what many hold counts once.</summary>
    internal long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>Whether no reader may park any more.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>A full fence: a reader that waits for a head either sees the new one, or is found by whoever advances it.</summary>
    internal void AdvanceHead(long sequence) => Interlocked.Exchange(ref _head, sequence);

    /// <summary>From now on nobody parks. The caller must wake those who are parked already.</summary>
    internal void Stop()
    {
        // The fence, because a mailbox may be made this instant: either the caller's sweep finds it, or its reader finds the flag.
        _stopping = true;
        Interlocked.MemoryBarrier();
    }

    internal void CountParked(int change) => Interlocked.Add(ref _parked, change);

    /// <summary>A mailbox took a mail. Under the mailbox's lock.</summary>
    internal void Hold(Mail mail)
    {
        if (mail.Hold())
            Interlocked.Add(ref _held, mail.Weight);
    }

    /// <summary>A mailbox let go of a mail. Under the mailbox's lock.</summary>
    internal void Release(Mail mail)
    {
        if (mail.Release())
            Interlocked.Add(ref _held, -mail.Weight);
    }
}
