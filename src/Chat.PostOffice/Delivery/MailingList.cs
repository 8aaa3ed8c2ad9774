using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Delivery;

/// <summary>
/// The mailboxes of a room's members. Not thread-safe: only the thread that follows the log changes it and posts to it. In a chat of
/// several nodes, readers look at it too, under the lock under which it is changed (<see cref="RecentMail"/>).
/// </summary>
internal sealed class MailingList
{
    private readonly List<Subscriber> _subscribers = [];
    private readonly Dictionary<Mailbox, int> _places = [];

    internal int Count => _subscribers.Count;

    internal void Add(Mailbox box, bool quiet)
    {
        if (_places.TryAdd(box, _subscribers.Count))
            _subscribers.Add(new Subscriber(box, quiet));
    }

    /// <summary>Whether a mailbox is that of a quiet member; null if it is not on the list.</summary>
    internal bool? QuietOf(Mailbox box) => _places.TryGetValue(box, out int place) ? _subscribers[place].Quiet : null;

    internal bool Remove(Mailbox box)
    {
        if (!_places.Remove(box, out int place))
            return false;

        // Move the last one into the gap. The order of this list does not matter, because every mailbox keeps its own order.
        Subscriber last = _subscribers[^1];
        _subscribers.RemoveAt(_subscribers.Count - 1);
        if (place < _subscribers.Count)
        {
            _subscribers[place] = last;
            _places[last.Box] = place;
        }

        return true;
    }

    /// <summary>
    /// Posts mail to every mailbox except one. Quiet members get no joins and leaves. Returns how many mailboxes accepted it.
    /// </summary>
    internal int Post(Mail mail, SessionKey? except, ref WakeBatch woken)
    {
        bool members = IsAboutMembers(mail);
        int taken = 0;
        foreach (Subscriber one in _subscribers)
        {
            if ((one.Quiet && members) || one.Box.Owner == except)
                continue;
            if (one.Box.Post(mail, ref woken))
                taken++;
        }

        return taken;
    }

    /// <summary>Whether mail is a join or a leave, which quiet members do not get.</summary>
    internal static bool IsAboutMembers(Mail mail) => mail.Content is UserEntered or UserReturned or UserLeft;

    private readonly record struct Subscriber(Mailbox Box, bool Quiet);
}
