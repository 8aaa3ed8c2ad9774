using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Members: how a guest becomes one, and their logins.</summary>
internal sealed partial class ChatState
{
    private Outcome On(Registered entry, Session session)
    {
        PersonState person = session.Person;
        if (person.IsMember)
            return new Refused(Refusal.AlreadyMember);

        // A person without a home came through a door that cannot log in again.
        if (person.Home is null || MemberCount >= entry.Limit)
            return new Refused(Refusal.TooManyMembers);
        person.MemberSince = entry.At;
        _memberKeys.Add(person.Key);
        Active(session, entry);
        return Done();
    }

    private Outcome On(SignedIn entry)
    {
        string host = KnownHost(entry.Host, entry.Session);
        if (LoginRefusal(entry, host, entry.HostLimit) is { } refused)
            return refused;
        if (FindPerson(entry.UserId) is not { IsMember: true } person)
            return new Refused(Refusal.NotMember);
        if (FindPersonBan(person.Who.Nick, person.Who.UserId, entry.At) is { } personBan)
            return new Refused(Refusal.HostBanned, personBan.Until - entry.At);
        int away = person.AwayAudience;
        var session = new Session(entry.Session, person, host, entry.At) { Began = Sequence, IsKept = entry.Keeps == true };
        Add(session);
        Active(session, entry);

        // With the new one there, the end of an old one is not the absence of the person.
        while (person.Sessions.Count > Math.Max(1, entry.SessionLimit))
            EndOldest(person);
        if (_mutes.EndFor(person.Who.Nick, person.Who.UserId, host, entry.At) is var end && end > person.MutedUntil)
            person.MutedUntil = end;
        if (entry.ServedBy is not null)
            Serve(session, entry.ServedBy);
        Arrive(session);
        TellAway(person, away);
        return new JoinAccepted(Sequence, person.Who);
    }

    private Outcome On(MarkedRead entry, Session session)
    {
        PersonState person = session.Person;
        string? room = entry.Room is null ? null : FindRoom(person, entry.Room)?.Name;
        if (entry.Room is not null && room is null)
            return new Refused(Refusal.NotInRoom);
        if (room is null && entry.With is null)
            return new Refused(Refusal.NoSuchUser);
        string? with = room is null ? entry.With : null;
        long upTo = Math.Min(entry.UpTo, Sequence);
        if (!person.IsMember || !person.Mark(room, with, upTo))
            return Done();
        foreach (Session other in person.Sessions)
        {
            if (other != session && other.IsOnline)
                _postings.Add(new Posting.ToSession(other.Key, new ReadElsewhere(room, with, upTo)));
        }

        return Done();
    }

    /// <summary>Ends the session of a member that has been offline for longest, or else the oldest one.</summary>
    private void EndOldest(PersonState person)
    {
        Session oldest = person.Sessions.Where(static session => !session.IsOnline).MinBy(static session => session.OfflineSince)
            ?? person.Sessions[0];
        End(oldest, "normal", CloseReason.Left, keepMail: false);
    }
}
