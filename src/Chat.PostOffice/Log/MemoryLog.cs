using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using ErlChat.Rooms;

namespace ErlChat.Log;

/// <summary>
/// The log of a process that remembers nothing: it keeps entries only until its reader has taken them, plus what
/// <paramref name="retained"/> asks for.
/// </summary>
/// <remarks>
/// Appending wakes the reader inline, so that a command is appended, applied and answered without a hop to another thread; <see cref="ChatRoom"/>
/// appends from one thread at a time and hops by itself when a run grows long.
/// </remarks>
/// <param name="retained">Entries that a later reader can replay; 0 by default, since nobody reads twice.</param>
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
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static r => ((Reader)r!).Signal(), reader);
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

                // Whoever appended since has rung: then this does not wait.
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

    /// <summary>A reader's bell: rung before it is waited for, the wait does not wait. Its continuation runs on the ringer's thread.</summary>
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

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
