using ErlChat.Settings;

namespace ErlChat.Mailboxes;

/// <summary>What all mailboxes share: their limits, the clock, how far delivery has come, and the totals.</summary>
/// <remarks>Thread-safe and lock-free: mailboxes use it while they hold their own lock.</remarks>
internal sealed class MailboxEnvironment(ChatOptions options, TimeProvider time, string? node)
{
    private long _head;
    private long _parked;
    private long _held;
    private volatile bool _stopping;

    internal ChatOptions Options { get; } = options;

    internal TimeProvider Time { get; } = time;

    /// <summary>This node's name; null in a chat with one unnamed node.</summary>
    internal string? Node { get; } = node;

    /// <summary>How many items a mailbox keeps that nobody reads here.</summary>
    internal int StandbyItems { get; } = Math.Min(options.StandbyMailboxItems, options.MaxMailboxItems);

    /// <summary>Whether there are other nodes, or may be.</summary>
    internal bool HasSeveralNodes => Node is not null;

    /// <summary>
    /// Called when the code awaiting a read throws after being woken, which is a bug. Must be thread-safe and must not throw.
    /// </summary>
    internal Action<Exception> ReaderFailed { get; set; } = static _ => { };

    /// <summary>
    /// What a mailbox got within a range of sequences, from the first one up to but without the second; null if that is not known any more.
    /// Called under the mailbox's lock.
    /// </summary>
    internal Func<Mailbox, long, long, List<Mail>?> FindRecent { get; init; } = static (_, _, _) => null;

    /// <summary>The sequence of the newest entry whose mail has been delivered; 0 before the first.</summary>
    internal long Head => Volatile.Read(ref _head);

    /// <summary>The value of <see cref="Head"/> after the log was replayed; 0 if there was nothing to replay.</summary>
    internal long RestoredHead { get; set; }

    /// <summary>How many readers are parked now, over all mailboxes.</summary>
    internal long Parked => Interlocked.Read(ref _parked);

    /// <summary>Estimated bytes of the mail that all mailboxes hold. Mail held by several mailboxes counts once.</summary>
    internal long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>Whether the server is stopping and readers can no longer park.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>
    /// Moves the head, with a full fence: a reader that waits for a head either sees the new value or is found by the code that moves it.
    /// </summary>
    internal void AdvanceHead(long sequence) => Interlocked.Exchange(ref _head, sequence);

    /// <summary>Stops readers from parking. The caller has to wake those that are parked already.</summary>
    internal void Stop()
    {
        // A full fence, because a mailbox may be created at this moment: either the caller's sweep finds it, or its reader sees the flag.
        _stopping = true;
        Interlocked.MemoryBarrier();
    }

    internal void CountParked(int change) => Interlocked.Add(ref _parked, change);

    /// <summary>Counts a mail that a mailbox has taken. Called under the mailbox's lock.</summary>
    internal void Hold(Mail mail)
    {
        if (mail.Hold())
            Interlocked.Add(ref _held, mail.Weight);
    }

    /// <summary>Counts a mail that a mailbox has released. Called under the mailbox's lock.</summary>
    internal void Release(Mail mail)
    {
        if (mail.Release())
            Interlocked.Add(ref _held, -mail.Weight);
    }
}
