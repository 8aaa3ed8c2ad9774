namespace ErlChat.Mailboxes;

/// <summary>
/// The parked readers of a mailbox, oldest first. There are few, so it is a linked list through the waiters. Not thread-safe: the mailbox
/// locks.
/// </summary>
internal struct WaiterList
{
    private Waiter? _oldest;

    internal int Count { get; private set; }

    /// <summary>Whether any of them wants to know who types.</summary>
    internal readonly bool WantSignals
    {
        get
        {
            for (Waiter? one = _oldest; one is not null; one = one.Next)
            {
                if (one.SeenSignal is not null)
                    return true;
            }

            return false;
        }
    }

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

    /// <summary>Removes this waiter; false if it is not in the list because it was woken.</summary>
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

    /// <summary>Removes the one that has been parked the longest. The list must not be empty.</summary>
    internal Waiter RemoveOldest()
    {
        Waiter oldest = _oldest!;
        Remove(oldest);
        return oldest;
    }

    /// <summary>Removes all waiters. They stay linked, for <see cref="WakeBatch"/>.</summary>
    internal Waiter? Clear()
    {
        Waiter? first = _oldest;
        (_oldest, Count) = (null, 0);
        return first;
    }
}
