using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// Reactions to messages. The fold knows neither messages nor reactions: whether somebody has reacted already is decided by the history.
/// Here is decided who may react now, for each person of an entry by itself.
/// </summary>
internal sealed partial class ChatState
{
    /// <summary>Why a person would be refused who reacts to a message now, or takes a reaction back; null if not.</summary>
    internal Refused? RefusalOf(Reacted entry, PersonState person, bool on, DateTimeOffset now)
    {
        MessageRef message = RefOf(entry);
        bool isReader = entry.Room is not null
            || (person.Who.UserId is var id && (id == entry.AuthorId || id == entry.ToId) && WasHere(person, message));
        if (!isReader || !IsInSight(person, message, asModerator: false, out Room? room) || _removed.Has(message.Sequence))
            return new Refused(Refusal.NoSuchMessage);
        return on ? SpeakingRefusal(person, room, now) : null;
    }

    private EachOutcome On(Reacted entry)
    {
        var made = new List<ReactionMade>();
        Outcome[] outcomes = [.. entry.Changes.Select(change => Decide(entry, change, made))];
        if (made.Count == 0)
            return new EachOutcome(outcomes);
        if (entry.Room is { } name)
        {
            string room = _rooms[name].Name;
            _postings.Add(new Posting.ToRooms([room], new ReactionsChanged(entry.Message, room, null, made), null));
            return new EachOutcome(outcomes);
        }

        PostTo(entry.AuthorId, entry.ToId!);
        if (entry.ToId != entry.AuthorId)
            PostTo(entry.ToId!, entry.AuthorId);
        return new EachOutcome(outcomes);

        void PostTo(string userId, string with)
        {
            if (FindPerson(userId) is { } person && WasHere(person, RefOf(entry)))
                Write(person, new ReactionsChanged(entry.Message, null, with, made));
        }
    }

    /// <summary>Decides about one person, as about a command of its own.</summary>
    /// <param name="made">What was accepted so far.</param>
    private Outcome Decide(Reacted entry, ReactionChange change, List<ReactionMade> made)
    {
        if (Live(change.Session) is not { } session)
            return new Refused(Refusal.BadSession);
        if (change.Key is not null && session.Keyed?.Find(change.Key, entry.At) is { } first)
            return new Repeated(first);
        if (!session.IsOnline)
            return new Refused(Refusal.Unavailable);
        Outcome outcome = change.Emoji.Length == 0
            ? new Refused(Refusal.BadEmoji)
            : RefusalOf(entry, session.Person, change.On, entry.At) ?? (Outcome)Done();
        if (outcome is Accepted)
        {
            Active(session, entry);
            Person who = session.Person.Who;
            made.RemoveAll(one => one.UserId == who.UserId && one.Emoji == change.Emoji);
            made.Add(new ReactionMade(change.Emoji, who.UserId, who.Nick, change.On));
        }

        if (change.Key is not null)
            session.Remember(change.Key, entry.At, outcome);
        return outcome;
    }

    private static MessageRef RefOf(Reacted entry) => new(entry.Message, default, new Person("", "", entry.AuthorId))
    {
        Room = entry.Room,
        To = entry.Room is null ? new Person("", "", entry.ToId ?? "") : null,
    };
}
