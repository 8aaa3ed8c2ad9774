using System.Runtime.CompilerServices;
using ErlChat.Log;

namespace ErlChat.Testing;

/// <summary>
/// One log in memory that several nodes share, like a database. Each node has its own view of it (<see cref="View"/>), which a test can
/// hold or slow down. Positions have gaps. Thread-safe.
/// </summary>
public sealed class SharedLog
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<NodeLog> _views = [];
    private long _newest;

    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The position of the newest entry.</summary>
    public long Newest
    {
        get
        {
            lock (_gate)
                return _newest;
        }
    }

    /// <summary>All entries.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>Drops all entries. Every node must have read them.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _entries.Clear();
            _entries.TrimExcess();
        }
    }

    /// <summary>A view for one more node, as fast as it can be.</summary>
    public NodeLog View()
    {
        var view = new NodeLog(this);
        lock (_gate)
            _views.Add(view);
        return view;
    }

    internal void Append(Entry entry)
    {
        NodeLog[] views;
        lock (_gate)
        {
            _newest += 1 + _entries.Count % 3;
            _entries.Add(new LogEntry(_newest, entry));
            views = [.. _views];
        }

        foreach (NodeLog view in views)
            view.Wake();
    }

    internal LogEntry[] After(long sequence)
    {
        lock (_gate)
        {
            int first = _entries.Count;
            while (first > 0 && _entries[first - 1].Sequence > sequence)
                first--;
            return [.. _entries.Skip(first)];
        }
    }
}

/// <summary>A node's view of a <see cref="SharedLog"/>. Thread-safe, with one reader at a time.</summary>
public sealed class NodeLog : IChatLog
{
    private readonly SharedLog _log;
    private volatile TaskCompletionSource _woken = NewSignal();
    private volatile TaskCompletionSource? _held;

    internal NodeLog(SharedLog log) => _log = log;

    public string Epoch => _log.Epoch;

    /// <summary>Whether this node can reach the log to append. It can read in any case.</summary>
    public bool IsAvailable { get; set; } = true;

    /// <summary>Called before each entry is delivered to the node, and awaited: a delay.</summary>
    public Func<Task>? BeforeRead { get; set; }

    /// <summary>Called before each entry is stored, and awaited.</summary>
    public Func<Entry, Task>? BeforeAppend { get; set; }

    /// <summary>Whether the node gets no entries at the moment.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>From now on the node gets no entries. It can still append.</summary>
    public void Hold() => _held ??= NewSignal();

    /// <summary>Ends <see cref="Hold"/>.</summary>
    public void Release()
    {
        TaskCompletionSource? held = _held;
        _held = null;
        held?.TrySetResult();
    }

    public async ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (!IsAvailable)
            throw new LogUnavailableException("The node is cut off.");
        if (BeforeAppend is { } delay)
            await delay(entry);
        _log.Append(entry);
    }

    public ValueTask<long> NewestAsync(CancellationToken cancellationToken) => new(_log.Newest);

    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource woken = _woken;
            foreach (LogEntry entry in _log.After(after))
            {
                while (_held is { } held)
                    await held.Task.WaitAsync(cancellationToken);
                if (BeforeRead is { } delay)
                    await delay().WaitAsync(cancellationToken);
                after = entry.Sequence;
                yield return entry;
            }

            await woken.Task.WaitAsync(cancellationToken);
            Interlocked.CompareExchange(ref _woken, NewSignal(), woken);
        }
    }

    internal void Wake() => _woken.TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
