using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Who is away (docs/adr/0037).</summary>
internal sealed partial class ChatState
{
    private Accepted On(AwayChanged entry, Session session)
    {
        int before = session.Person.AwayAudience;
        session.AwayAudience = entry.IsAway ? entry.Audience : 0;
        TellAway(session.Person, before);
        return Done();
    }

    /// <summary>
    /// Tells the others that a person is away now, or no longer. Not for entries that tell them something else of this person: a mailbox
    /// takes one mail of an entry.
    /// </summary>
    /// <param name="before">The person's <see cref="PersonState.AwayAudience"/> before the entry.</param>
    private void TellAway(PersonState person, int before)
    {
        int now = person.AwayAudience;
        if (now > 0 == before > 0 || !person.IsOnline || person.Sessions.Count == 0)
            return;

        // A room may have grown since its people were told that somebody is away.
        int most = now > 0 ? now : before * 2;
        TellOthers(
            person, self: null, _ => new AwayTold(person.Who, IsAway: now > 0), room => _rooms[room].Members.Count <= most);
    }
}
