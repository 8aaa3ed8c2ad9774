using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ErlChat.Log;

/// <summary>
/// A log without persistence: it keeps entries only until its reader has read them, plus the last <paramref name="retained"/>.
/// </summary>
/// <remarks>
/// An append runs the reader's continuation inline, so that a command is appended, applied and answered without a thread hop.
/// <c>ChatRoom</c> appends from one thread at a time, and switches threads itself when a run grows long.
/// </remarks>
/// <param name="retained">How many entries a later reader can replay; 0 by default, because usually nobody reads twice.</param>
public sealed class MemoryLog(int retained = 0) : IChatLog
{
    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new();
    private long _newest;
    private Reader? _reader;

    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Reader? reader;
        lock (_gate)
        {
            _entries.Enqueue(new LogEntry(++_newest, entry));
            reader = _reader;
        }

        reader?.Signal();
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new Reader();
        await using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static r => ((Reader)r!).Signal(), reader);
        lock (_gate)
        {
            if (_reader is not null)
                throw new InvalidOperationException("A log has one reader at a time.");
            _reader = reader;
        }

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (LogEntry entry in Take(after))
                {
                    after = entry.Sequence;
                    yield return entry;
                }

                // Anything appended since has signalled the reader, and then this does not wait.
                await reader.WaitAsync();
            }
        }
        finally
        {
            lock (_gate)
                _reader = null;
        }
    }

    private LogEntry[] Take(long after)
    {
        lock (_gate)
        {
            LogEntry[] next = [.. _entries.Where(entry => entry.Sequence > after)];
            while (_entries.Count > retained)
                _entries.Dequeue();
            return next;
        }
    }

    /// <summary>
    /// Wakes the reader. If it is signalled before the wait, the wait completes at once. The continuation runs on the signalling thread.
    /// </summary>
    private sealed class Reader : IValueTaskSource
    {
        private readonly Lock _gate = new();
        private ManualResetValueTaskSourceCore<bool> _core;
        private bool _waiting;
        private bool _rung;

        internal void Signal()
        {
            lock (_gate)
            {
                if (!_waiting)
                {
                    _rung = true;
                    return;
                }

                _waiting = false;
            }

            _core.SetResult(true);
        }

        internal ValueTask WaitAsync()
        {
            lock (_gate)
            {
                if (_rung)
                {
                    _rung = false;
                    return ValueTask.CompletedTask;
                }

                _core.Reset();
                _waiting = true;
                return new ValueTask(this, _core.Version);
            }
        }

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
