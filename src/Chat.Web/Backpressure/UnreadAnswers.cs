using ErlChat.Sessions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Backpressure;

/// <summary>The recipient of an answer.</summary>
/// <param name="Session">The session; the default key if there is none.</param>
/// <param name="Address">The client's address, as <see cref="HostAddress"/> writes it.</param>
internal readonly record struct AnswerReader(SessionKey Session, string Address);

/// <summary>
/// Limits the bytes of answers that clients have not read yet: per session, per address and for the whole server. Long answers reserve room
/// before they are built, short ones when the client does not read them at once. A short answer that is read at once costs nothing here.
/// </summary>
/// <remarks>
/// Thread-safe. Dispose a lease when its answer was read or its connection ended. A waiting request never holds up another that there is
/// room for. The framework's limiter does not fit: it refuses all requests while one waits, and it throws if a request arrives while an
/// idle limiter is being removed.
/// </remarks>
internal sealed class UnreadAnswers
{
    /// <summary>
    /// Requests may wait for this many times the bytes that may be unread. They usually wait for one another only briefly.
    /// </summary>
    private const int WaitingFactor = 4;

    private readonly Lock _gate = new();
    private readonly ReaderBytes _held;
    private readonly ReaderBytes _awaited;
    private readonly LinkedList<Awaiter> _waiting = [];
    private readonly int _maxLease;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private long _refused;

    public UnreadAnswers(IOptions<AnswerOptions> options, TimeProvider time)
    {
        AnswerOptions bounds = options.Value;
        (_patience, _time) = (bounds.SendTimeout, time);
        _maxLease = Math.Min(bounds.MaxUnreadTotal, Math.Min(bounds.MaxUnreadPerAddress, bounds.MaxUnreadPerSession));
        _held = new ReaderBytes(bounds, 1);
        _awaited = new ReaderBytes(bounds, WaitingFactor);
    }

    /// <summary>How many answers were refused, or had their connections aborted, since the start.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>The bytes of answers that clients have not read yet.</summary>
    internal long HeldBytes
    {
        get
        {
            lock (_gate)
                return _held.Total;
        }
    }

    /// <summary>How many requests wait for room.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Reserves bytes; null if that would exceed a bound. An answer longer than a bound reserves exactly that bound.</summary>
    internal IDisposable? TryHold(in AnswerReader reader, int bytes)
    {
        bytes = Math.Min(bytes, _maxLease);
        lock (_gate)
        {
            if (Take(reader, bytes) is { } lease)
                return lease;
        }

        Interlocked.Increment(ref _refused);
        return null;
    }

    /// <summary>
    /// Reserves bytes and waits for room if necessary. Null if that takes too long, if too many requests wait, or if the client has gone.
    /// </summary>
    internal ValueTask<IDisposable?> HoldAsync(in AnswerReader reader, int bytes, CancellationToken gone)
    {
        bytes = Math.Min(bytes, _maxLease);
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

    /// <summary>The wait timed out, or the client has gone.</summary>
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

    /// <summary>
    /// Returns bytes, and serves the waiting requests that there is now room for, oldest first. One that does not fit yet does not block
    /// the others.
    /// </summary>
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

    /// <summary>Continuations run on the thread pool, so that freeing room never runs the waiting request's code.</summary>
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
