namespace ErlChat.Delivery;

/// <summary>
/// The callers that wait until the mail of the log's entries up to some sequence has been delivered. While nobody waits, advancing costs
/// one read of a field.
/// </summary>
/// <remarks>Thread-safe. The continuations run on the thread pool.</remarks>
internal sealed class HeadWaits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<Wait> _waits = new(Comparer<Wait>.Create(static (one, other) =>
        one.Sequence != other.Sequence ? one.Sequence.CompareTo(other.Sequence) : one.Number.CompareTo(other.Number)));

    private long _first = long.MaxValue;
    private long _number;
    private bool _isStopping;

    /// <summary>
    /// Waits until the head has reached a sequence, for a limited time; returns whether it has. The stop of the server ends the wait.
    /// </summary>
    /// <param name="head">Reads the head.</param>
    internal async Task<bool> WaitAsync(long sequence, TimeSpan limit, Func<long> head)
    {
        Wait wait;
        lock (_gate)
        {
            if (_isStopping)
                return head() >= sequence;
            wait = new Wait(sequence, ++_number);
            _waits.Add(wait);
            Volatile.Write(ref _first, _waits.Min!.Sequence);
        }

        // A full fence: either the code that advances the head sees this wait, or this line sees the new head.
        Interlocked.MemoryBarrier();
        try
        {
            if (head() < sequence)
                await wait.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // The caller finds out from the result.
        }
        finally
        {
            lock (_gate)
            {
                _waits.Remove(wait);
                Volatile.Write(ref _first, _waits.Min?.Sequence ?? long.MaxValue);
            }
        }

        return head() >= sequence;
    }

    /// <summary>Ends the waits up to a sequence. Call it after the head has moved, with a full fence in between.</summary>
    internal void Advance(long head)
    {
        if (head >= Volatile.Read(ref _first))
            End(head);
    }

    /// <summary>Ends all waits, and every later one at once.</summary>
    internal void Stop()
    {
        lock (_gate)
            _isStopping = true;
        End(long.MaxValue);
    }

    private void End(long head)
    {
        lock (_gate)
        {
            // Completing one does not run its caller here.
            while (_waits.Min is { } first && first.Sequence <= head)
            {
                _waits.Remove(first);
                first.TrySetResult();
            }

            Volatile.Write(ref _first, _waits.Min?.Sequence ?? long.MaxValue);
        }
    }

    private sealed class Wait(long sequence, long number) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal long Sequence { get; } = sequence;

        internal long Number { get; } = number;
    }
}
