using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Postgres.History;

/// <summary>
/// What this node's fold added to the history and is not known to be in the tables yet, in memory and bounded. Reads look here too.
/// </summary>
/// <remarks>Thread-safe. One thread adds, as sequences rise.</remarks>
/// <param name="maxBytes">The limit for what waits, in estimated bytes; above it the oldest eighth is dropped.</param>
internal sealed class HistoryQueue(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly List<HistoryRow> _rows = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _weight;
    private long _applied;
    private long _written;
    private long _dropped;

    /// <summary>How many rows wait.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _rows.Count;
        }
    }

    /// <summary>Estimated bytes of the rows that wait.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate)
                return _weight;
        }
    }

    /// <summary>Up to which entry all rows have been added. Nothing above it is shown to anybody here.</summary>
    internal long Applied => Interlocked.Read(ref _applied);

    /// <summary>
    /// Up to which entry the tables must be written before the rows that wait here continue them without a gap. Tables that are behind it
    /// have lost rows in a fail-over, or lack rows that this queue had no room for.
    /// </summary>
    internal long Floor
    {
        get
        {
            lock (_gate)
                return Math.Max(_written, _dropped);
        }
    }

    /// <summary>Whether rows were dropped that are not known to be in the tables, so that reads may miss them.</summary>
    internal bool LacksRows
    {
        get
        {
            lock (_gate)
                return _dropped > _written;
        }
    }

    /// <summary>Begins with tables that are written up to an entry.</summary>
    /// <param name="applied">The entry that the fold begins after. The tables have everything up to it.</param>
    internal void Begin(long applied, long written)
    {
        lock (_gate)
        {
            _rows.Clear();
            (_weight, _applied, _written, _dropped) = (0, applied, written, 0);
        }
    }

    /// <summary>Adds a row. True if the queue has just become too large and rows were dropped.</summary>
    internal bool Add(HistoryRow row)
    {
        lock (_gate)
        {
            // A replay covers it again.
            if (row.Mail.Sequence <= _written)
                return false;
            if (row.Mail.Content is MessageRemoved)
                RemoveText(row.Mail);
            _rows.Add(row);
            _weight += row.Mail.Weight;
            return _weight > maxBytes && Drop();
        }
    }

    /// <summary>All rows of the entries up to this one have been added.</summary>
    internal void Advance(long sequence)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _applied, sequence);
            if (_rows.Count > 0)
                _changed.TrySetResult();
        }
    }

    /// <summary>At most <paramref name="most"/> rows, oldest first, and how far the history has come with them.</summary>
    /// <remarks>Rows of one entry, such as the two copies of a private message, are never separated, so there may be one more.</remarks>
    internal (HistoryRow[] Rows, long Through) Next(int most)
    {
        lock (_gate)
        {
            int count = Math.Min(most, _rows.Count);
            while (count > 0 && count < _rows.Count && _rows[count].Mail.Sequence == _rows[count - 1].Mail.Sequence)
                count++;
            while (count > 0 && _rows[count - 1].Mail.Sequence > _applied)
                count--;
            HistoryRow[] rows = [.. _rows.Take(count)];
            return (rows, rows.Length == 0 ? 0 : rows[^1].Mail.Sequence);
        }
    }

    /// <summary>The tables have everything up to an entry, and no fail-over can take that away.</summary>
    internal void Written(long through)
    {
        lock (_gate)
        {
            if (through <= _written)
                return;
            _written = through;
            int count = _rows.FindIndex(row => row.Mail.Sequence > through);
            Remove(count < 0 ? _rows.Count : count);
            _changed.TrySetResult();
        }
    }

    /// <summary>Whether the tables are known to have everything up to an entry.</summary>
    internal bool IsWritten(long through)
    {
        lock (_gate)
            return _dropped <= _written && (_rows.Count == 0 || _rows[0].Mail.Sequence > through);
    }

    /// <summary>What a read finds here.</summary>
    /// <inheritdoc cref="HistoryRow.Pending"/>
    internal PendingHistory Pending(
        PageStart start, Func<HistoryRow, bool> wanted, SessionKey reader = default, Func<HistoryRow, bool>? concerns = null)
    {
        lock (_gate)
            return HistoryRow.Pending(_rows, start, wanted, reader, concerns);
    }

    /// <inheritdoc cref="HistoryRow.ReactionsAndRemovals"/>
    internal IReadOnlyList<Mail> ReactionsAndRemovals()
    {
        lock (_gate)
            return HistoryRow.ReactionsAndRemovals(_rows);
    }

    /// <inheritdoc cref="HistoryRow.Reactions"/>
    internal IReadOnlyList<Mail> Reactions(Func<HistoryRow, bool> wanted)
    {
        lock (_gate)
            return HistoryRow.Reactions(_rows, wanted);
    }

    /// <summary>Waits until rows are added or written.</summary>
    internal Task ChangedAsync()
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted)
                _changed = NewSignal();
            return _changed.Task;
        }
    }

    /// <summary>A text that is deleted before it was written is not written.</summary>
    private void RemoveText(Mail removal)
    {
        for (int i = 0; i < _rows.Count; i++)
        {
            HistoryRow row = _rows[i];
            if (ChangedMessage.WithoutText(row.Mail, removal) is not { } mail)
                continue;
            _weight += mail.Weight - row.Mail.Weight;
            _rows[i] = row with { Mail = mail };
        }
    }

    private bool Drop()
    {
        long before = _dropped;
        int count = 0;
        for (long weight = _weight; weight > maxBytes / 8 * 7 && count < _rows.Count - 1; count++)
        {
            weight -= _rows[count].Mail.Weight;
            _dropped = _rows[count].Mail.Sequence;
        }

        Remove(count);
        return before <= _written && _dropped > _written;
    }

    private void Remove(int count)
    {
        for (int i = 0; i < count; i++)
            _weight -= _rows[i].Mail.Weight;
        _rows.RemoveRange(0, count);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
