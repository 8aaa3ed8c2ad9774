using ErlChat.Mailboxes;
using ErlChat.Sessions;

namespace ErlChat.Delivery;

/// <summary>
/// In a chat of several nodes: the newest mail of all sessions, once, with whom it was for. A mailbox that nobody read here, and that has
/// dropped what its reader now asks for, is refilled from this. So a client that comes from another node need not resync, and its mailbox
/// costs a few bytes until then.
/// </summary>
/// <remarks>
/// Thread-safe. Its lock is taken by the thread that follows the log, and by readers that hold their mailbox's lock. Under it no other lock
/// is taken. What a session was in at the time follows from what it is in now and the changes since, which are recorded in the same order.
/// </remarks>
internal sealed class RecentMail(MailboxEnvironment environment)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Item> _items = [];
    private readonly int _most = environment.HasSeveralNodes ? environment.Options.RecentMailItems : 0;
    private readonly long _mostBytes = environment.Options.MaxMailboxBytesTotal / 8;
    private long _weight;

    /// <summary>Everything from here on is recorded; nothing is recorded before <see cref="Begin"/>.</summary>
    private long _from = long.MaxValue;

    private bool IsOn => _most > 0 && _from < long.MaxValue;

    /// <summary>Begins to record.</summary>
    /// <param name="from">The sequence of the next entry whose mail is delivered.</param>
    internal void Begin(long from)
    {
        lock (_gate)
            _from = from;
    }

    /// <summary>Records mail for one session.</summary>
    internal void Sent(Mail mail, SessionKey to)
    {
        if (_most > 0)
            Add(mail, new Item(mail) { Session = to });
    }

    /// <summary>Records mail for rooms, or for everybody.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="rooms">The rooms; null for everybody.</param>
    /// <param name="except">The session that does not get it.</param>
    internal void Sent(Mail mail, IReadOnlyList<string>? rooms, SessionKey? except)
    {
        if (_most > 0)
            Add(mail, new Item(mail) { Rooms = rooms, Except = except, IsForMany = true });
    }

    /// <summary>Records that a session enters or leaves a room, and carries that out under the same lock.</summary>
    /// <param name="wasQuiet">Whether it was a quiet member; null if it was not in the room.</param>
    /// <param name="change">Changes the room's list.</param>
    internal void Change(SessionKey session, string room, bool? wasQuiet, Action change)
    {
        lock (_gate)
        {
            change();
            if (IsOn)
                Add(new Item(null) { Session = session, Room = room, WasQuiet = wasQuiet });
        }
    }

    /// <summary>
    /// The mail of a session within a range, ascending. Null if not all of it is known any more, or it is more than a mailbox holds.
    /// </summary>
    /// <param name="from">The first sequence.</param>
    /// <param name="below">The sequence after the last one.</param>
    /// <param name="quietIn">Whether the session is now a quiet member of a room; null if it is not in it.</param>
    internal List<Mail>? Find(SessionKey session, long from, long below, Func<string, bool?> quietIn)
    {
        lock (_gate)
        {
            if (!IsOn || from < _from)
                return null;
            var before = new Dictionary<string, bool?>(StringComparer.OrdinalIgnoreCase);
            Func<string, bool?> quietThen = room => before.TryGetValue(room, out bool? was) ? was : quietIn(room);
            var found = new List<Mail>();
            for (LinkedListNode<Item>? node = _items.Last; node is not null; node = node.Previous)
            {
                Item item = node.Value;
                if (item.Mail is not { } mail)
                {
                    if (item.Session == session)
                        before[item.Room!] = item.WasQuiet;
                    continue;
                }

                if (mail.Sequence < from)
                    break;
                if (mail.Sequence >= below || !item.IsFor(session, quietThen))
                    continue;

                // Of several for one entry, a mailbox takes the first.
                if (found.Count > 0 && found[^1].Sequence == mail.Sequence)
                    found.RemoveAt(found.Count - 1);
                if (found.Count == environment.Options.MaxMailboxItems)
                    return null;
                found.Add(mail);
            }

            found.Reverse();
            return found;
        }
    }

    /// <inheritdoc cref="Mailbox.Replace"/>
    internal void Replace(long from, Func<Mail, Mail?> by)
    {
        lock (_gate)
        {
            for (LinkedListNode<Item>? node = _items.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Mail is not { } mail)
                    continue;
                if (mail.Sequence < from)
                    break;
                if (by(mail) is not { } other)
                    continue;
                environment.Release(mail);
                environment.Hold(other);
                _weight += other.Weight - mail.Weight;
                node.Value.Mail = other;
            }
        }
    }

    private void Add(Mail mail, Item item)
    {
        lock (_gate)
        {
            if (!IsOn)
                return;
            environment.Hold(mail);
            _weight += mail.Weight;
            Add(item);
        }
    }

    private void Add(Item item)
    {
        _items.AddLast(item);
        while (_items.Count > _most || _weight > _mostBytes)
        {
            if (_items.First!.Value.Mail is { } oldest)
            {
                _from = oldest.Sequence + 1;
                _weight -= oldest.Weight;
                environment.Release(oldest);
            }

            _items.RemoveFirst();
        }
    }

    /// <summary>Mail, or a change of a session's rooms.</summary>
    /// <param name="mail">The mail; null for a change.</param>
    private sealed class Item(Mail? mail)
    {
        internal Mail? Mail { get; set; } = mail;

        /// <summary>The only receiver, or the session that entered or left a room.</summary>
        internal SessionKey? Session { get; init; }

        internal bool IsForMany { get; init; }

        internal IReadOnlyList<string>? Rooms { get; init; }

        internal SessionKey? Except { get; init; }

        internal string? Room { get; init; }

        internal bool? WasQuiet { get; init; }

        /// <summary>Whether the mail was for a session. The same rules as those of <see cref="MailingList.Post"/>.</summary>
        internal bool IsFor(SessionKey session, Func<string, bool?> quietIn)
        {
            if (!IsForMany || Except == session || Rooms is null)
                return IsForMany ? Except != session : Session == session;
            bool isAboutMembers = MailingList.IsAboutMembers(Mail!);
            foreach (string room in Rooms)
            {
                if (quietIn(room) is { } isQuiet && !(isQuiet && isAboutMembers))
                    return true;
            }

            return false;
        }
    }
}
