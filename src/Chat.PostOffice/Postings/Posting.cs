using ErlChat.Sessions;

namespace ErlChat.Postings;

/// <summary>What the fold asks the post office to do. A closed set; carried out in order, before the entry's command is answered.</summary>
public abstract record Posting
{
    private protected Posting()
    {
    }

    /// <summary>A session began: give it a mailbox.</summary>
    public sealed record Open(SessionKey Session) : Posting;

    /// <summary>A session ended: close its mailbox.</summary>
    public sealed record Close(SessionKey Session, CloseReason Reason, bool KeepMail) : Posting;

    /// <summary>Put a session on a room's list.</summary>
    public sealed record Enter(SessionKey Session, string Room, bool Quiet) : Posting;

    /// <summary>Take a session off a room's list.</summary>
    public sealed record Part(SessionKey Session, string Room) : Posting;

    /// <summary>Mail for one.</summary>
    public sealed record ToSession(SessionKey Session, MailContent Content) : Posting;

    /// <summary>Mail for everybody in these rooms, except one.</summary>
    public sealed record ToRooms(IReadOnlyList<string> Rooms, MailContent Content, SessionKey? Except) : Posting;

    /// <summary>Mail for every session, in whatever rooms it is.</summary>
    public sealed record ToAll(MailContent Content) : Posting;

    /// <summary>Joins and leaves of the lobby from here to this entry are on a list that the session has.</summary>
    public sealed record Hide(SessionKey Session, long From) : Posting;

    /// <summary>A room ended with its last member.</summary>
    public sealed record Ended(string Room) : Posting;
}
