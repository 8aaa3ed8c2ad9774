using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>Who an answer is for.</summary>
/// <param name="Session">The default key for nobody's.</param>
/// <param name="Address">As <see cref="HostAddress"/> writes it.</param>
internal readonly record struct AnswerReader(SessionKey Session, string Address);

/// <summary>
/// Bounds the bytes of answers that wait for clients to take them: by session, by address and for the whole server. Asked before a long
/// answer is made, and when a short one is not taken at once; an answer that is taken at once costs nothing here.
/// </summary>
/// <remarks>
/// Thread-safe. A lease is disposed when the answer was taken, or its connection ended. Who waits holds up nobody that there is room for:
/// the framework's limiter refuses everybody while one waits, and throws at who comes just when it is forgotten.
/// </remarks>
internal sealed class UnreadAnswers
{
    /// <summary>How many times as much as may be unread may wait for room. They wait for one another only briefly.</summary>
    private const int WaitingFactor = 4;

    private readonly Lock _gate = new();
    private readonly ReaderBytes _held;
    private readonly ReaderBytes _awaited;
    private readonly LinkedList<Awaiter> _waiting = [];
    private readonly int _most;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private long _refused;

    public UnreadAnswers(IOptions<AnswerOptions> options, TimeProvider time)
    {
        AnswerOptions bounds = options.Value;
        (_patience, _time) = (bounds.SendTimeout, time);
        _most = Math.Min(bounds.MaxUnreadTotal, Math.Min(bounds.MaxUnreadPerAddress, bounds.MaxUnreadPerSession));
        _held = new ReaderBytes(bounds, 1);
        _awaited = new ReaderBytes(bounds, WaitingFactor);
    }

    /// <summary>Answers that were refused, or whose connections were ended, since the start.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Bytes of answers that wait for clients to take them.</summary>
    internal long HeldBytes
    {
        get
        {
            lock (_gate)
                return _held.Total;
        }
    }

    /// <summary>Requests that wait for room.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Takes so many bytes into account; null when that is over a bound. What is longer than a bound takes all of it.</summary>
    internal IDisposable? TryHold(in AnswerReader reader, int bytes)
    {
        bytes = Math.Min(bytes, _most);
        lock (_gate)
        {
            if (Take(reader, bytes) is { } lease)
                return lease;
        }

        Interlocked.Increment(ref _refused);
        return null;
    }

    /// <summary>The same, and waits for room if need be; null when that takes too long, too many wait, or the client has gone.</summary>
    internal ValueTask<IDisposable?> HoldAsync(in AnswerReader reader, int bytes, CancellationToken gone)
    {
        bytes = Math.Min(bytes, _most);
        lock (_gate)
        {
            if (Take(reader, bytes) is { } lease)
                return new ValueTask<IDisposable?>(lease);
            if (_awaited.HasRoom(reader, bytes))
            {
                _awaited.Add(reader, bytes);
                return WaitAsync(_waiting.AddLast(new Awaiter(reader, bytes)), gone);
            }
        }

        Interlocked.Increment(ref _refused);
        return default;
    }

    private async ValueTask<IDisposable?> WaitAsync(LinkedListNode<Awaiter> place, CancellationToken gone)
    {
        Awaiter awaiter = place.Value;
        using var patience = new CancellationTokenSource(_patience, _time);
        await using (patience.Token.UnsafeRegister(_ => GiveUp(place), null))
        await using (gone.UnsafeRegister(_ => GiveUp(place), null))
        {
            IDisposable? lease = await awaiter.Task;
            if (lease is null)
                Interlocked.Increment(ref _refused);
            return lease;
        }
    }

    /// <summary>The time is over, or nobody waits any more.</summary>
    private void GiveUp(LinkedListNode<Awaiter> place)
    {
        lock (_gate)
        {
            if (place.List is null)
                return;
            Remove(place);
        }

        place.Value.SetResult(null);
    }

    private Lease? Take(in AnswerReader reader, int bytes)
    {
        if (!_held.HasRoom(reader, bytes))
            return null;
        _held.Add(reader, bytes);
        return new Lease(this, reader, bytes);
    }

    /// <summary>Gives what became free to those that wait, the oldest first; one that has to wait on stands in nobody's way.</summary>
    private void Free(in AnswerReader reader, int bytes)
    {
        lock (_gate)
        {
            _held.Add(reader, -bytes);
            for (LinkedListNode<Awaiter>? place = _waiting.First, next; place is not null; place = next)
            {
                next = place.Next;
                if (Take(place.Value.Reader, place.Value.Bytes) is not { } lease)
                    continue;
                Remove(place);
                place.Value.SetResult(lease);
            }
        }
    }

    private void Remove(LinkedListNode<Awaiter> place)
    {
        _awaited.Add(place.Value.Reader, -place.Value.Bytes);
        _waiting.Remove(place);
    }

    /// <summary>Goes on elsewhere: whoever gives it room must not run its code.</summary>
    private sealed class Awaiter(AnswerReader reader, int bytes)
        : TaskCompletionSource<IDisposable?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal AnswerReader Reader => reader;

        internal int Bytes => bytes;
    }

    private sealed class Lease(UnreadAnswers unread, AnswerReader reader, int bytes) : IDisposable
    {
        private UnreadAnswers? _unread = unread;

        public void Dispose() => Interlocked.Exchange(ref _unread, null)?.Free(reader, bytes);
    }
}
