namespace ErlChat.Mailboxes;

/// <summary>
/// Waiters that were taken out of their mailboxes for one reason, to be ended by one thread of the pool one after the other: a message to ten thousand makes a hundred
/// work items instead of ten thousand. Not thread-safe.
/// </summary>
internal struct WakeBatch(Wake why)
{
    // Some hundred microseconds of work each: long enough to save the scheduling, short enough that all cores get their share and nobody waits long for a turn.
    private const int Most = 128;

    private Waiter? _first;
    private Waiter? _last;
    private int _count;

    /// <summary>Adds a chain of waiters that are in no list any more; null adds none.</summary>
    internal void Add(Waiter? chain)
    {
        if (chain is null)
            return;
        if (_last is null)
            _first = chain;
        else
            _last.Next = chain;
        for (_last = chain, _count++; _last.Next is not null; _last = _last.Next)
            _count++;
        if (_count >= Most)
            Send();
    }

    /// <summary>Ends those that were added. Never call it under a mailbox's lock.</summary>
    internal void Send()
    {
        if (_first is not null)
            ThreadPool.UnsafeQueueUserWorkItem(new Ending(_first, why), preferLocal: false);
        (_first, _last, _count) = (null, null, 0);
    }

    private sealed class Ending(Waiter first, Wake why) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (Waiter? one = first, next; one is not null; one = next)
            {
                // Read the link before the wake: the woken reader may be parked again before this loop comes round.
                next = one.Next;
                one.Next = null;
                one.Complete(why);
            }
        }
    }
}
