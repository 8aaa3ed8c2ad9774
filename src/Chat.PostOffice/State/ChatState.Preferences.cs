using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>What people want to see and hear.</summary>
internal sealed partial class ChatState
{
    private Outcome On(PersonIgnored entry, Session session)
    {
        PersonState person = session.Person;
        if (entry.Withdrawn == true)
        {
            if (person.Preferences?.StopIgnoring(entry.Nick, entry.UserId) != true)
                return new Refused(Refusal.NoSuchUser);
            return Preferred(person);
        }

        if ((entry.UserId is null ? FindNick(entry.Nick) : FindPerson(entry.UserId)) is not { } target)
            return new Refused(Refusal.NoSuchUser);
        if (target == person)
            return new Refused(Refusal.NotYourself);
        Preferences preferences = person.Prefer();
        if (preferences.Ignores(target.Who.UserId))
            return Done();
        if (preferences.Ignored.Count >= entry.Limit && !preferences.DropFirst(one => FindPerson(one.UserId) is null))
            return new Refused(Refusal.TooManyIgnored);
        preferences.Ignore(new IgnoredPerson(target.Who.UserId, target.Who.Nick, BeginOf(target)));
        return Preferred(person);
    }

    private Outcome On(PreferencesSet entry, Session session)
    {
        PersonState person = session.Person;
        Room? room = entry.Room is null ? null : FindRoom(person, entry.Room);
        if (entry.Room is not null && room is null)
            return new Refused(Refusal.NotInRoom);
        Preferences preferences = person.Prefer();
        bool isOther = entry.Quiet is { } quiet && quiet != preferences.IsQuiet;
        preferences.IsQuiet = entry.Quiet ?? preferences.IsQuiet;
        if (room is not null)
            isOther |= preferences.Change(room.Name, entry.Muted, entry.Joins);
        return isOther ? Preferred(person) : Done();
    }

    /// <summary>Tells a person's devices that its preferences have changed. Clients that keep no token do not know them.</summary>
    private Accepted Preferred(PersonState person)
    {
        foreach (Session session in person.Sessions)
        {
            if (session.IsOnline && session.IsKept)
                _postings.Add(new Posting.ToSession(session.Key, new PreferencesChanged()));
        }

        return Done();
    }
}
