namespace ErlChat.Mailboxes;

/// <summary>
/// Waiters that were removed from their mailboxes for one reason. A thread-pool thread ends them one after the other, so a message to ten
/// thousand users takes about a hundred work items instead of ten thousand. Not thread-safe.
/// </summary>
internal struct WakeBatch(Wake why)
{
    // A few hundred microseconds of work each: long enough to save scheduling, short enough to use all cores and to keep waits short.
    private const int Most = 128;

    private Waiter? _first;
    private Waiter? _last;
    private int _count;

    /// <summary>Adds a chain of waiters that are in no list any more; null adds nothing.</summary>
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

    /// <summary>Ends the added waiters. Never call it under a mailbox's lock.</summary>
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
                // Read the link before the wake-up, because the woken reader may be parked again before the next iteration.
                next = one.Next;
                one.Next = null;
                one.Complete(why);
            }
        }
    }
}
