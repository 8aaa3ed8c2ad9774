using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ErlChat.Web.Reads;

/// <summary>
/// Lets reads take turns on the thread pool. After each read, everything that the pool already had queued runs before the next read.
/// Otherwise ten thousand pages that load at once would all be queued in front of the messages of other users. A turn is not held while a
/// client reads its answer, so slow clients delay nobody. Thread-safe.
/// </summary>
internal sealed class ReadTurns
{
    private readonly ConcurrentQueue<Action> _waiting = new();
    private readonly int _most = Environment.ProcessorCount;
    private int _running;

    /// <summary>Awaiting it resumes the caller on a pool thread when it is its turn.</summary>
    internal Turn NextAsync() => new(this);

    private void Enqueue(Action continuation)
    {
        _waiting.Enqueue(continuation);

        // With this fence, either the last runner sees the read, or this thread sees that no runner is left.
        Interlocked.MemoryBarrier();
        StartIfFree();
    }

    /// <summary>Starts a runner unless there are already as many as cores.</summary>
    private void StartIfFree()
    {
        for (int running = Volatile.Read(ref _running); running < _most; running = Volatile.Read(ref _running))
        {
            if (Interlocked.CompareExchange(ref _running, running + 1, running) != running)
                continue;
            ThreadPool.UnsafeQueueUserWorkItem(new Runner(this), preferLocal: false);
            return;
        }
    }

    private sealed class Runner(ReadTurns turns) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (turns._waiting.TryDequeue(out Action? read))
            {
                try
                {
                    read();
                }
                finally
                {
                    // Queue the next turn after everything that is waiting for the pool now.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                return;
            }

            // A read that was enqueued after the check above may have found all runners running, so check again.
            Interlocked.Decrement(ref turns._running);
            if (!turns._waiting.IsEmpty)
                turns.StartIfFree();
        }
    }

    internal readonly struct Turn(ReadTurns turns) : ICriticalNotifyCompletion
    {
        /// <summary>Always false, so that awaiting always lets others go first.</summary>
        public bool IsCompleted => false;

        public Turn GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => turns.Enqueue(continuation);

        public void UnsafeOnCompleted(Action continuation) => turns.Enqueue(continuation);
    }
}

/// <summary>A connection that gives its reads their turn (<see cref="ReadTurns"/>) before the ordinary pipeline sees them.</summary>
internal interface IReadTurn
{
    /// <summary>Whether the current request has had its turn. Call it once per request: it uses the turn up.</summary>
    bool UseTurn();
}
