using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>What the chat forgets: persons who are erased, and addresses after a time.</summary>
internal sealed partial class ChatState
{
    private readonly ErasedIds _erased = new();
    private readonly AcceptedErasures _erasures = new();

    /// <summary>Whoever was erased lately. Not in images, because the fold decides nothing with it.</summary>
    private readonly Queue<string> _erasedLately = new();

    /// <summary>
    /// Whether a person was erased, as far as that is known: of the newest 1000 since the state was restored. Usually a database is without
    /// the person by then.
    /// </summary>
    internal bool IsErased(string userId) => _erased.Has(userId) || _erasedLately.Contains(userId);

    /// <summary>Whether there are addresses that were used before a time and are still known.</summary>
    internal bool HasAddressesBefore(DateTimeOffset before)
    {
        foreach (Session session in _sessions.Values)
        {
            if (session.Since < before && !HostAddress.IsForgotten(session.Host))
                return true;
        }

        return _packed.All.Any(guest => guest.HasAddressBefore(before))
            || _bans.All.Any(ban => ban.Host is not null && ban.Until < before)
            || _mutes.All.Any(mute => mute.Host is not null && mute.Until < before);
    }

    /// <summary>The entry that erases a person; null if there is nobody with the user id.</summary>
    internal Erased? ErasureOf(SessionKey by, string userId) => FindPerson(userId) is not { } person
        ? null
        : new Erased(by, person.Key, userId, BeginOf(person)) { Nick = person.Who.Nick };

    /// <summary>
    /// Whether an erasure has been carried out. One that was refused is in the log too, and the person may have left since.
    /// </summary>
    internal bool WasErased(long sequence, Erased entry) => sequence > _erasures.Floor
        ? _erasures.Has(sequence)
        : FindPerson(entry.UserId) is not { } person || person.Key != entry.Person;

    private Outcome On(Erased entry, Session by)
    {
        bool isSelf = entry.Person == by.Person.Key;
        if (!isSelf && !by.Person.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        if (FindPerson(entry.UserId) is not { } found || found.Key != entry.Person)
            return new Refused(Refusal.NoSuchUser);
        PersonState person = Live(found);
        Person who = person.Who;
        if (isSelf)
        {
            EndForGood(person, "normal", CloseReason.Left);
        }
        else
        {
            Tell(person, new Notice("An administrator has erased your account and what you wrote.", null));
            EndForGood(person, "kicked: The account was erased.", CloseReason.Kicked);
        }

        _bans.Erase(who);
        _mutes.Erase(who);
        _acts.Erase(who);
        _removals.Erase(who);
        _erased.Add(who.UserId);
        _erasures.Add(Sequence);
        _erasedLately.Enqueue(who.UserId);
        if (_erasedLately.Count > ErasedIds.Limit)
            _erasedLately.Dequeue();
        foreach (PersonState other in _userIds.Values)
            other.Preferences?.StopIgnoring(who.Nick, who.UserId);
        foreach (Room room in _rooms.Values)
        {
            if (room.TopicBy == who.UserId)
                (room.Topic, room.TopicBy) = ("", null);
        }

        // Without the nick, so that the list of acts does not keep what was to be forgotten.
        if (!isSelf)
            Record(new Act(Sequence, entry.At, ActKind.Erased, by.Person.Who.Nick, by.Person.Who.UserId) { OfId = who.UserId });
        _postings.Add(new Posting.Erase(who.UserId));
        return Done();
    }

    private Accepted On(ForgotAddresses entry)
    {
        Unpack(_packed.All.Where(guest => guest.HasAddressBefore(entry.Before)));
        foreach (Session session in _sessions.Values.Where(session => session.Since < entry.Before))
        {
            // Each forgotten address differs from all others, so that such sessions share no limits.
            string forgotten = HostAddress.Forgotten(session.Key);
            if (session.Host == forgotten)
                continue;
            if (session.IsOnline)
            {
                _hosts.Change(session.Host, -1);
                session.Host = forgotten;
                _hosts.Change(forgotten, 1);
            }
            else
            {
                _offline.Remove(session);
                session.Host = forgotten;
                _offline.Add(session);
            }
        }

        _bans.RemoveExpired(entry.At);
        _mutes.RemoveExpired(entry.At);
        _removals.RemoveExpired(entry.At);
        return Done();
    }

    /// <summary>Ends a person's sessions, and the person, member or not.</summary>
    private void EndForGood(PersonState person, string reason, CloseReason closing)
    {
        Session[] sessions = [.. person.Sessions.OrderBy(static session => session.IsOnline)];
        for (int i = 0; i < sessions.Length - 1; i++)
            End(sessions[i], reason, closing, keepMail: closing != CloseReason.Left);

        // With the last session the person goes too, as a guest does, and the others hear it once.
        person.MemberSince = null;
        if (sessions.Length > 0)
        {
            End(sessions[^1], reason, closing, keepMail: closing != CloseReason.Left);
            return;
        }

        Remove(person, reason);
        _postings.Add(new Posting.Forget(person.Key));
    }
}
