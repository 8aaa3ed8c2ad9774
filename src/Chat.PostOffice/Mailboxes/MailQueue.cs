namespace ErlChat.Mailboxes;

/// <summary>The mail of a mailbox, ascending, in a ring buffer whose size doubles and halves. Not thread-safe: the mailbox locks.</summary>
internal sealed class MailQueue
{
    private Mail[] _ring = [];
    private int _head;

    internal int Count { get; private set; }

    /// <summary>The sum of <see cref="Mail.Weight"/>, in bytes.</summary>
    internal long Weight { get; private set; }

    internal Mail this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    internal void Enqueue(Mail mail)
    {
        if (Count == _ring.Length)
            Resize(Math.Max(4, _ring.Length * 2));
        _ring[(_head + Count) & (_ring.Length - 1)] = mail;
        Count++;
        Weight += mail.Weight;
    }

    internal Mail Dequeue()
    {
        Mail mail = _ring[_head];
        _ring[_head] = null!;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        Weight -= mail.Weight;
        if (_ring.Length > 4 && Count <= _ring.Length / 4)
            Resize(_ring.Length / 2);
        return mail;
    }

    /// <summary>Puts older mail before all that is there.</summary>
    internal void Prepend(List<Mail> older)
    {
        var ring = new Mail[Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(older.Count + Count)))];
        older.CopyTo(ring);
        for (int i = 0; i < Count; i++)
            ring[older.Count + i] = this[i];
        (_ring, _head) = (ring, 0);
        Count += older.Count;
        Weight += older.Sum(static mail => (long)mail.Weight);
    }

    /// <summary>Replaces mail, from a sequence on, by other mail with the same sequence; null keeps it.</summary>
    internal void Replace(Func<Mail, Mail?> by, long from = 0)
    {
        for (int i = IndexOf(from); i < Count; i++)
        {
            ref Mail mail = ref _ring[(_head + i) & (_ring.Length - 1)];
            if (by(mail) is not { } other)
                continue;
            Weight += other.Weight - mail.Weight;
            mail = other;
        }
    }

    internal void Clear()
    {
        (_ring, _head, Count, Weight) = ([], 0, 0, 0);
    }

    /// <summary>Makes the ring as small as its mail allows.</summary>
    internal void TrimExcess()
    {
        int size = Math.Max(4, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Count));
        if (size < _ring.Length)
            Resize(size);
    }

    /// <summary>
    /// The index of the first mail with a sequence of at least <paramref name="cursor"/>; <see cref="Count"/> if there is none.
    /// </summary>
    internal int IndexOf(long cursor)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (this[middle].Sequence < cursor)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Resize(int size)
    {
        var ring = new Mail[size];
        for (int i = 0; i < Count; i++)
            ring[i] = this[i];
        (_ring, _head) = (ring, 0);
    }
}
