using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ErlChat.Web.Reads;

/// <summary>
/// Reads take turns: each is carried out by a thread of the pool and, before the next one is, everything that was waiting for the pool by
/// then has had its turn. Ten thousand pages that load at once would otherwise stand before everybody's messages in the pool's queue, for
/// as long as all of them together take. Nobody holds a place: a client that does not take its answer delays no other. Thread-safe.
/// </summary>
internal sealed class ReadTurns
{
    private readonly ConcurrentQueue<Action> _waiting = new();
    private readonly int _most = Environment.ProcessorCount;
    private int _running;

    /// <summary>Awaited, goes on when it is the caller's turn, on a thread of the pool.</summary>
    internal Turn NextAsync() => new(this);

    private void Enqueue(Action continuation)
    {
        _waiting.Enqueue(continuation);

        // The fence: either the last runner finds the read, or this finds that there is none left.
        Interlocked.MemoryBarrier();
        StartIfFree();
    }

    /// <summary>As many turns at a time as there are cores.</summary>
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
                    // Behind whatever waits for the pool by now.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                return;
            }

            // A read that came after the look above found all runners still there.
            Interlocked.Decrement(ref turns._running);
            if (!turns._waiting.IsEmpty)
                turns.StartIfFree();
        }
    }

    internal readonly struct Turn(ReadTurns turns) : ICriticalNotifyCompletion
    {
        /// <summary>Never: it is awaited to give others their turn.</summary>
        public bool IsCompleted => false;

        public Turn GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => turns.Enqueue(continuation);

        public void UnsafeOnCompleted(Action continuation) => turns.Enqueue(continuation);
    }
}

/// <summary>A connection whose reads have their turn (<see cref="ReadTurns"/>) before the ordinary pipeline sees them.</summary>
internal interface IReadTurn
{
    /// <summary>Whether the request that is carried out has had its turn; asked once for each.</summary>
    bool UseTurn();
}
