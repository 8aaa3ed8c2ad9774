using System.Collections.Concurrent;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Delivery;

/// <summary>
/// Owns every mailbox: creates and deletes them, sends mail to one, and broadcasts mail to rooms. It knows sessions and rooms, not users;
/// the fold tells it who is in which room.
/// </summary>
/// <remarks>
/// Reading (<see cref="Find(SessionKey)"/>, <see cref="Mailbox.ReadAsync(long, bool, Waiter)"/>) is thread-safe. Everything that changes
/// mailboxes or rooms is internal and is done by one thread at a time: the thread that follows the log.
/// </remarks>
public sealed partial class PostOffice
{
    private readonly MailboxEnvironment _environment;
    private readonly RecentMail _recent;
    private readonly ConcurrentDictionary<SessionKey, Mailbox> _boxes = new();
    private readonly Dictionary<string, MailingList> _rooms = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<(Mailbox Box, long ClosedAt)> _tombstones = new();
    private readonly HeadWaits _headWaits;
    private long _sent;
    private long _stoppingSince;

    public PostOffice(IOptions<ChatOptions> options, TimeProvider time, INodes? nodes = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _environment = new MailboxEnvironment(options.Value, time, nodes?.Self) { FindRecent = FindRecent };
        _recent = new RecentMail(_environment);
        _headWaits = new HeadWaits(time);
    }

    private ChatOptions Options => _environment.Options;

    private TimeProvider Time => _environment.Time;

    /// <inheritdoc cref="MailboxEnvironment.ReaderFailed"/>
    internal Action<Exception> ReaderFailed
    {
        set => _environment.ReaderFailed = value;
    }

    /// <summary>The sequence of the newest entry whose mail has been delivered; 0 before the first.</summary>
    public long Head => _environment.Head;

    /// <summary>The value of <see cref="Head"/> after the log was replayed; 0 if there was nothing to replay.</summary>
    internal long RestoredHead
    {
        get => _environment.RestoredHead;
        set => _environment.RestoredHead = value;
    }

    /// <summary>How many readers are parked now, over all mailboxes.</summary>
    public long Parked => _environment.Parked;

    /// <summary>How many items of mail have been put into mailboxes since the start. A broadcast counts once per mailbox.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>How many mailboxes exist, including those of ended sessions that are kept for a while.</summary>
    public int Count => _boxes.Count;

    /// <summary>Whether the server is stopping and readers can no longer park.</summary>
    public bool IsStopping => _environment.IsStopping;

    /// <summary>How long ago the stop began; zero before that.</summary>
    public TimeSpan StoppingFor => IsStopping ? Time.GetElapsedTime(Volatile.Read(ref _stoppingSince)) : TimeSpan.Zero;

    /// <summary>
    /// The mailbox of a session; null if there is none. An ended session's mailbox stays for one poll interval, so that its client can read
    /// the reason.
    /// </summary>
    public Mailbox? Find(SessionKey session) => _boxes.GetValueOrDefault(session);

    /// <summary>
    /// The same for a repeated caller: skips the lookup while <paramref name="last"/>, the mailbox found the last time, is still the
    /// session's.
    /// </summary>
    public Mailbox? Find(SessionKey session, Mailbox? last) =>
        last is { IsForgotten: false } && last.Owner == session ? last : Find(session);

    /// <summary>
    /// Stops readers from parking, and answers all parked readers with <see cref="MailStatus.Stopping"/>. Does not block, and may be called
    /// again.
    /// </summary>
    public void StopAdmitting()
    {
        // Set the flag first: a reader that parks later sees it under its mailbox's lock, and the sweep wakes those that parked before.
        Interlocked.CompareExchange(ref _stoppingSince, Time.GetTimestamp(), 0);
        _environment.Stop();
        _headWaits.Stop();
        var woken = new WakeBatch(Wake.Stopping);
        foreach ((_, Mailbox box) in _boxes)
            box.DetachForStop(ref woken);
        woken.Send();
    }

    /// <summary>Creates a session's mailbox. A reader with a cursor below <paramref name="floor"/> has to resync.</summary>
    /// <param name="joined">The sequence at which the session began; 0 if that is not known.</param>
    /// <param name="restored">Whether the session began, or may have begun, before this process did. Its readers are then unknown.</param>
    /// <param name="isReturn">
    /// Whether the user comes back after an absence. What came before the floor was not delivered, and can never be read here.
    /// </param>
    internal void Create(SessionKey session, long floor, long joined = 0, bool restored = false, bool isReturn = false)
    {
        Mailbox? before = Find(session);
        _boxes[session] = new Mailbox(session, _environment, floor, joined, restored, isReturn);
        before?.Forget();
    }

    /// <summary>
    /// Closes the mailbox of a session that has left all rooms' lists. <see cref="ForgetClosed"/> removes it after one poll interval.
    /// </summary>
    internal void Delete(SessionKey session, CloseReason reason, bool keepMail)
    {
        if (!_boxes.TryGetValue(session, out Mailbox? box))
            return;
        box.Close(reason, keepMail);
        _tombstones.Enqueue((box, Time.GetTimestamp()));
    }

    /// <summary>
    /// Adds a session to a room's list. A <paramref name="quiet"/> session gets the room's messages but not its joins and leaves.
    /// </summary>
    internal void Enter(SessionKey session, string room, bool quiet)
    {
        if (!_boxes.TryGetValue(session, out Mailbox? box))
            return;
        _recent.Change(session, room, QuietIn(room, box), () =>
        {
            if (!_rooms.TryGetValue(room, out MailingList? list))
                _rooms.Add(room, list = new MailingList());
            list.Add(box, quiet);
        });
    }

    /// <summary>Removes a session from a room's list.</summary>
    internal void Part(SessionKey session, string room)
    {
        if (!_boxes.TryGetValue(session, out Mailbox? box))
            return;
        _recent.Change(session, room, QuietIn(room, box), () =>
        {
            if (_rooms.TryGetValue(room, out MailingList? list) && list.Remove(box) && list.Count == 0)
                _rooms.Remove(room);
        });
    }

    /// <summary>Sends mail to one session. Does nothing if the session has no mailbox.</summary>
    internal void Send(SessionKey session, Mail mail)
    {
        _recent.Sent(mail, session);
        var woken = new WakeBatch(Wake.Mail);
        if (_boxes.TryGetValue(session, out Mailbox? box) && box.Post(mail, ref woken))
            Interlocked.Increment(ref _sent);
        EnforceLimit();
        woken.Send();
    }

    /// <summary>Sends mail once to every session in these rooms, except one.</summary>
    internal void Broadcast(IReadOnlyList<string> rooms, Mail mail, SessionKey? except)
    {
        _recent.Sent(mail, rooms, except);
        int sent = 0;
        var woken = new WakeBatch(Wake.Mail);
        foreach (string room in rooms)
        {
            if (_rooms.TryGetValue(room, out MailingList? list))
                sent += list.Post(mail, except, ref woken);
        }

        EnforceLimit();
        woken.Send();
        Interlocked.Add(ref _sent, sent);
    }

    /// <summary>Sends mail to every session.</summary>
    internal void Broadcast(Mail mail)
    {
        _recent.Sent(mail, rooms: null, except: null);
        int sent = 0;
        var woken = new WakeBatch(Wake.Mail);
        foreach ((_, Mailbox box) in _boxes)
        {
            if (box.Post(mail, ref woken))
                sent++;
        }

        EnforceLimit();
        woken.Send();
        Interlocked.Add(ref _sent, sent);
    }

    /// <summary>
    /// Takes the text of a message that was deleted out of all mail that nobody has acknowledged yet: of the message, and of its edits.
    /// Looking at ten thousand mailboxes takes about a millisecond.
    /// </summary>
    /// <param name="removal">A mail with <see cref="MessageRemoved"/>.</param>
    /// <param name="readers">Who has the message, if it is private; null if anybody may.</param>
    internal void RemoveText(Mail removal, IReadOnlyList<SessionKey>? readers)
    {
        // Mailboxes share their mail, so they share what it is replaced by.
        var replaced = new Dictionary<Mail, Mail?>();
        long message = ChangedMessage.RefOf(removal)!.Sequence;
        _recent.Replace(message, By);
        if (readers is null)
        {
            foreach ((_, Mailbox box) in _boxes)
                box.Replace(message, By);
        }
        else
        {
            foreach (SessionKey reader in readers)
                Find(reader)?.Replace(message, By);
        }

        Mail? By(Mail mail)
        {
            // Most mail is about something else, and is not worth a lookup.
            if (mail.Sequence != message && ChangedMessage.RefOf(mail)?.Sequence != message)
                return null;
            if (!replaced.TryGetValue(mail, out Mail? other))
                replaced.Add(mail, other = ChangedMessage.WithoutText(mail, removal));
            return other;
        }
    }

    /// <summary>Records that the mail of every entry up to this sequence has been delivered.</summary>
    internal void AdvanceHead(long sequence)
    {
        _environment.AdvanceHead(sequence);
        _headWaits.Advance(sequence);
    }

    /// <summary>
    /// Completes when the mail of every entry up to this sequence is in its mailboxes. The fold must have applied the entry. Usually
    /// completes at once. Ends early if the server stops.
    /// </summary>
    internal ValueTask DeliveredAsync(long sequence) =>
        Head >= sequence
            ? ValueTask.CompletedTask
            : new ValueTask(_headWaits.WaitAsync(sequence, Timeout.InfiniteTimeSpan, () => Head));

    /// <summary>
    /// Closes the mailboxes of idle sessions. Returns those sessions, and returns them again each time until the log has their end.
    /// </summary>
    internal List<SessionKey> EvictIdle() => EvictIdle(Time.GetTimestamp());

    /// <inheritdoc cref="EvictIdle()"/>
    /// <param name="asOf">The timestamp at which idleness is judged.</param>
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

    /// <summary>
    /// Excludes time during which the process was suspended from every session's idle time: the server could not serve anyone then.
    /// </summary>
    internal void ExcludeSuspension(TimeSpan slept)
    {
        foreach ((_, Mailbox box) in _boxes)
            box.ExcludeSuspension(slept);
    }

    /// <summary>Removes the mailboxes that were closed longer ago than the longest poll lasts.</summary>
    internal void ForgetClosed()
    {
        TimeSpan kept = Options.PollTimeout + Options.PollJitter;
        while (_tombstones.TryPeek(out (Mailbox Box, long ClosedAt) oldest)
            && Time.GetElapsedTime(oldest.ClosedAt) > kept
            && _tombstones.TryDequeue(out oldest))
        {
            // Compare by reference, so that a newer mailbox of the same key is never removed.
            _boxes.TryRemove(new KeyValuePair<SessionKey, Mailbox>(oldest.Box.Owner, oldest.Box));
            oldest.Box.Forget();
        }
    }
}
