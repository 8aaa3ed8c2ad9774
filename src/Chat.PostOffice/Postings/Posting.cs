using ErlChat.Sessions;

namespace ErlChat.Postings;

/// <summary>
/// What the fold asks the post office to do. A closed set. Postings are carried out in order, before the entry's command is answered.
/// </summary>
public abstract record Posting
{
    private protected Posting()
    {
    }

    /// <summary>A session began: create its mailbox.</summary>
    public sealed record Open(SessionKey Session) : Posting;

    /// <summary>A session ended: close its mailbox.</summary>
    public sealed record Close(SessionKey Session, CloseReason Reason, bool KeepMail) : Posting;

    /// <summary>A session is online again: create its mailbox again. What came before is not in it.</summary>
    /// <param name="Joined">The sequence at which the session began.</param>
    public sealed record Reopen(SessionKey Session, long Joined) : Posting;

    /// <summary>A session went offline: close its mailbox.</summary>
    public sealed record GoOffline(SessionKey Session) : Posting;

    /// <summary>A node serves a session since an entry.</summary>
    /// <param name="EndsWithNode">Whether the session cannot outlive that node, because its only connection leads there.</param>
    public sealed record Serve(SessionKey Session, string Node, long Since, bool EndsWithNode) : Posting;

    /// <summary>Adds a session to a room's list.</summary>
    public sealed record Enter(SessionKey Session, string Room, bool Quiet) : Posting;

    /// <summary>Removes a session from a room's list.</summary>
    public sealed record Part(SessionKey Session, string Room) : Posting;

    /// <summary>Mail for one session.</summary>
    public sealed record ToSession(SessionKey Session, MailContent Content) : Posting;

    /// <summary>A private message for a person, or a change of one: for its history, and for its sessions that are online.</summary>
    /// <param name="Person">The key of the person's first session, under which its messages are filed.</param>
    public sealed record ToPerson(SessionKey Person, IReadOnlyList<SessionKey> Sessions, MailContent Content) : Posting;

    /// <summary>A person has gone for good: nobody can read its private messages any more.</summary>
    /// <param name="Person">The key of the person's first session.</param>
    public sealed record Forget(SessionKey Person) : Posting;

    /// <summary>The same mail for several sessions.</summary>
    public sealed record ToSessions(IReadOnlyList<SessionKey> Sessions, MailContent Content) : Posting;

    /// <summary>Mail for every session in these rooms, except one.</summary>
    public sealed record ToRooms(IReadOnlyList<string> Rooms, MailContent Content, SessionKey? Except) : Posting;

    /// <summary>Mail for every session, in whatever rooms it is.</summary>
    public sealed record ToAll(MailContent Content) : Posting;

    /// <summary>The session has a list that shows the lobby's joins and leaves from <paramref name="From"/> to this entry.</summary>
    public sealed record Hide(SessionKey Session, long From) : Posting;

    /// <summary>A person was erased: nobody may read any more what the person wrote.</summary>
    public sealed record Erase(string UserId) : Posting;

    /// <summary>A room ended because its last member left.</summary>
    public sealed record Ended(string Room) : Posting;
}
