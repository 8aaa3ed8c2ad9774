namespace ErlChat.Mailboxes;

/// <summary>The readers parked at a mailbox, oldest first. Few, so a linked list through the waiters themselves. Not thread-safe: the mailbox locks.</summary>
internal struct WaiterList
{
    private Waiter? _oldest;

    internal int Count { get; private set; }

    internal void Add(Waiter waiter)
    {
        Count++;
        if (_oldest is null)
        {
            _oldest = waiter;
            return;
        }

        Waiter last = _oldest;
        while (last.Next is not null)
            last = last.Next;
        last.Next = waiter;
    }

    /// <summary>Takes this very waiter out; false when it is not in the list, because it was woken.</summary>
    internal bool Remove(Waiter waiter)
    {
        Waiter? before = null;
        for (Waiter? one = _oldest; one is not null; before = one, one = one.Next)
        {
            if (!ReferenceEquals(one, waiter))
                continue;
            if (before is null)
                _oldest = one.Next;
            else
                before.Next = one.Next;
            one.Next = null;
            Count--;
            return true;
        }

        return false;
    }

    /// <summary>Takes out the one that has been there longest; the list must not be empty.</summary>
    internal Waiter RemoveOldest()
    {
        Waiter oldest = _oldest!;
        Remove(oldest);
        return oldest;
    }

    /// <summary>Takes all out; they stay linked, for <see cref="WakeBatch"/>.</summary>
    internal Waiter? Clear()
    {
        Waiter? first = _oldest;
        (_oldest, Count) = (null, 0);
        return first;
    }
}
