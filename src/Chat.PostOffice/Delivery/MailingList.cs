using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Delivery;

/// <summary>The mailboxes of a room. Not thread-safe: only the chat room's log reader touches it.</summary>
internal sealed class MailingList
{
    private readonly List<Subscriber> _subscribers = [];
    private readonly Dictionary<SessionKey, int> _places = [];

    internal int Count => _subscribers.Count;

    internal void Add(Mailbox box, bool quiet)
    {
        if (_places.TryAdd(box.Owner, _subscribers.Count))
            _subscribers.Add(new Subscriber(box, quiet));
    }

    internal bool Remove(SessionKey session)
    {
        if (!_places.Remove(session, out int place))
            return false;

        // The last one takes the free place: the order of a list means nothing, every mailbox has its own.
        Subscriber last = _subscribers[^1];
        _subscribers.RemoveAt(_subscribers.Count - 1);
        if (place < _subscribers.Count)
        {
            _subscribers[place] = last;
            _places[last.Box.Owner] = place;
        }

        return true;
    }

    /// <summary>Posts to all but one, and to the quiet only what is not about coming and going. Returns how many took it.</summary>
    internal int Post(Mail mail, SessionKey? except, ref WakeBatch woken)
    {
        bool members = mail.Content is UserEntered or UserLeft;
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

    private readonly record struct Subscriber(Mailbox Box, bool Quiet);
}
