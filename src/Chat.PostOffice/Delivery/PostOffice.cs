using System.Collections.Concurrent;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Delivery;

/// <summary>
/// Owns every mailbox: creates and deletes them, sends mail to one, broadcasts mail to rooms. It knows addresses, not people:
/// who is in a room it is told by the fold.
/// </summary>
/// <remarks>
/// Reading (<see cref="Find(SessionKey)"/>, <see cref="Mailbox.ReadAsync(long, bool, Waiter)"/>) is thread-safe. Everything that changes mailboxes or rooms is
/// internal and done by one thread at a time, the chat room's log reader.
/// </remarks>
public sealed partial class PostOffice(IOptions<ChatOptions> options, TimeProvider time)
{
    private readonly MailboxEnvironment _environment = new(options.Value, time);
    private readonly ConcurrentDictionary<SessionKey, Mailbox> _boxes = new();
    private readonly Dictionary<string, MailingList> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<(Mailbox Box, long ClosedAt)> _tombstones = new();
    private TaskCompletionSource? _nextDelivery;
    private long _sent;
    private long _stoppingSince;

    private ChatOptions Options => _environment.Options;

    private TimeProvider Time => _environment.Time;

    /// <inheritdoc cref="MailboxEnvironment.ReaderFailed"/>
    internal Action<Exception> ReaderFailed
    {
        set => _environment.ReaderFailed = value;
    }

    /// <summary>Sequence of the newest entry whose mail has been delivered; 0 before the first.</summary>
    public long Head => _environment.Head;

    /// <summary>Where <see cref="Head"/> was when the log had been replayed; 0 when there was nothing to replay.</summary>
    internal long RestoredHead
    {
        get => _environment.RestoredHead;
        set => _environment.RestoredHead = value;
    }

    /// <summary>Readers parked at this moment, over all mailboxes.</summary>
    public long Parked => _environment.Parked;

    /// <summary>Mail put into mailboxes since the start; a broadcast counts once per mailbox.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Mailboxes, the tombstones of ended sessions included.</summary>
    public int Count => _boxes.Count;

    /// <summary>Whether no reader may park any more.</summary>
    public bool IsStopping => _environment.IsStopping;

    /// <summary>How long ago the stop began; nothing before that.</summary>
    public TimeSpan StoppingFor => IsStopping ? Time.GetElapsedTime(Volatile.Read(ref _stoppingSince)) : TimeSpan.Zero;

    /// <summary>The mailbox of a session; of an ended one too, for a poll interval, so that the reason can be read. Null when there is none.</summary>
    public Mailbox? Find(SessionKey session) => _boxes.GetValueOrDefault(session);

    /// <summary>The same for somebody who comes again, and need not be looked up while the mailbox that was found the last time is still it.</summary>
    public Mailbox? Find(SessionKey session, Mailbox? last) => last is { IsForgotten: false } && last.Owner == session ? last : Find(session);

    /// <summary>From now on nobody parks, and everybody who is parked is answered <see cref="MailStatus.Stopping"/>. Does not block; may be called again.</summary>
    public void StopAdmitting()
    {
        // The flag first: who parks behind it sees it under its mailbox's lock, who parked before is woken by the sweep.
        Interlocked.CompareExchange(ref _stoppingSince, Time.GetTimestamp(), 0);
        _environment.Stop();
        var woken = new WakeBatch(Wake.Stopping);
        foreach ((_, Mailbox box) in _boxes)
            box.DetachForStop(ref woken);
        woken.Send();
    }

    /// <summary>Creates a session's mailbox. A reader with a cursor below <paramref name="floor"/> must resync.</summary>
    /// <param name="joined">The sequence at which the session began; 0 when that is not known.</param>
    /// <param name="restored">Whether the session began before this process did, or may have: its readers are not known.</param>
    internal void Create(SessionKey session, long floor, long joined = 0, bool restored = false)
    {
        Mailbox? before = Find(session);
        _boxes[session] = new Mailbox(session, _environment, floor, joined, restored);
        before?.Forget();
    }

    /// <summary>Closes a session's mailbox, which is on no room's list any more, and forgets it once a poll interval has passed (<see cref="ForgetClosed"/>).</summary>
    internal void Delete(SessionKey session, CloseReason reason, bool keepMail)
    {
        if (!_boxes.TryGetValue(session, out Mailbox? box))
            return;
        box.Close(reason, keepMail);
        _tombstones.Enqueue((box, Time.GetTimestamp()));
    }

    /// <summary>Puts a session on a room's list. Somebody <paramref name="quiet"/> gets what is said there, not who comes and goes.</summary>
    internal void Enter(SessionKey session, string room, bool quiet)
    {
        if (!_boxes.TryGetValue(session, out Mailbox? box))
            return;
        if (!_rooms.TryGetValue(room, out MailingList? list))
            _rooms.Add(room, list = new MailingList());
        list.Add(box, quiet);
    }

    /// <summary>Takes a session off a room's list.</summary>
    internal void Part(SessionKey session, string room)
    {
        if (_rooms.TryGetValue(room, out MailingList? list) && list.Remove(session) && list.Count == 0)
            _rooms.Remove(room);
    }

    /// <summary>Sends mail to one session; nothing happens when it has no mailbox.</summary>
    internal void Send(SessionKey session, Mail mail)
    {
        var woken = new WakeBatch(Wake.Mail);
        if (_boxes.TryGetValue(session, out Mailbox? box) && box.Post(mail, ref woken))
            Interlocked.Increment(ref _sent);
        KeepBound();
        woken.Send();
    }

    /// <summary>Sends mail to everybody in these rooms, once each, except one.</summary>
    internal void Broadcast(IReadOnlyList<string> rooms, Mail mail, SessionKey? except)
    {
        int sent = 0;
        var woken = new WakeBatch(Wake.Mail);
        foreach (string room in rooms)
        {
            if (_rooms.TryGetValue(room, out MailingList? list))
                sent += list.Post(mail, except, ref woken);
        }

        KeepBound();
        woken.Send();
        Interlocked.Add(ref _sent, sent);
    }

    /// <summary>Sends mail to every session.</summary>
    internal void Broadcast(Mail mail)
    {
        int sent = 0;
        var woken = new WakeBatch(Wake.Mail);
        foreach ((_, Mailbox box) in _boxes)
        {
            if (box.Post(mail, ref woken))
                sent++;
        }

        KeepBound();
        woken.Send();
        Interlocked.Add(ref _sent, sent);
    }

    /// <summary>The mail of every entry up to this sequence is where it belongs.</summary>
    internal void AdvanceHead(long sequence)
    {
        _environment.AdvanceHead(sequence);
        if (Volatile.Read(ref _nextDelivery) is not null)
            Interlocked.Exchange(ref _nextDelivery, null)?.SetResult();
    }

    /// <summary>
    /// Completes when the mail of every entry up to this one, which the fold has applied, is in its mailboxes. Mostly it is there already.
    /// </summary>
    internal async ValueTask DeliveredAsync(long sequence)
    {
        while (Head < sequence)
        {
            TaskCompletionSource? next = Volatile.Read(ref _nextDelivery);
            if (next is null)
            {
                var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                next = Interlocked.CompareExchange(ref _nextDelivery, mine, null) ?? mine;
            }

            if (Head < sequence)
                await next.Task;
        }
    }

    /// <summary>Closes the mailboxes whose sessions are idle, and names those sessions, until the log has their end.</summary>
    internal List<SessionKey> EvictIdle() => EvictIdle(Time.GetTimestamp());

    /// <inheritdoc cref="EvictIdle()"/>
    /// <param name="asOf">The timestamp at which they are idle.</param>
    internal List<SessionKey> EvictIdle(long asOf)
    {
        var evicted = new List<SessionKey>();
        foreach ((SessionKey session, Mailbox box) in _boxes)
        {
            if (box.TryEvict(Options.IdleLimit, asOf))
                evicted.Add(session);
        }

        return evicted;
    }

    /// <summary>Time in which the process stood still is nobody's idleness: nobody could have been served in it.</summary>
    internal void Forgive(TimeSpan slept)
    {
        foreach ((_, Mailbox box) in _boxes)
            box.Forgive(slept);
    }

    /// <summary>Forgets the mailboxes that were closed longer than the longest poll ago.</summary>
    internal void ForgetClosed()
    {
        TimeSpan kept = Options.PollTimeout + Options.PollJitter;
        while (_tombstones.TryPeek(out (Mailbox Box, long ClosedAt) oldest)
            && Time.GetElapsedTime(oldest.ClosedAt) > kept
            && _tombstones.TryDequeue(out oldest))
        {
            // By reference: never a newer mailbox of the same key.
            _boxes.TryRemove(new KeyValuePair<SessionKey, Mailbox>(oldest.Box.Owner, oldest.Box));
            oldest.Box.Forget();
        }
    }
}
