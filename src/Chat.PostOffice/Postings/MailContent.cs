
using ErlChat.Mailboxes;
using ErlChat.Names;

namespace ErlChat.Postings;

/// <summary>What a mail says. A closed set: doors switch over it exhaustively.</summary>
public abstract record MailContent
{
    private protected MailContent()
    {
    }

    /// <summary>UTF-16 units of what people wrote, for <see cref="Mail.Weight"/>.</summary>
    internal virtual int TextLength => 0;

    /// <summary>Whether this tells of a join or leave of <paramref name="room"/>, which a list of its people already shows.</summary>
    internal virtual bool ChangesMembersOf(string room) => false;

    /// <summary>What somebody said to others, for searching; null in what is no message.</summary>
    public virtual string? Words => null;
}

/// <summary>Somebody else came into a room.</summary>
public sealed record UserEntered(string Room, Person Who) : MailContent
{
    internal override bool ChangesMembersOf(string room) => RoomName.Same(room, Room);
}

/// <summary>Somebody else left these rooms (at least one); all that it was in when <paramref name="Gone"/>.</summary>
public sealed record UserLeft(IReadOnlyList<string> Rooms, Person Who, string Reason, bool Gone) : MailContent
{
    internal override bool ChangesMembersOf(string room) => Rooms.Any(one => RoomName.Same(room, one));
}

/// <summary>Words said to a room; an <paramref name="Action"/> is a <c>/me</c>. <paramref name="Own"/> in the speaker's copy.</summary>
public sealed record Spoken(string Room, Person Who, string Text, bool Action, bool Own) : MailContent
{
    public override string? Words => Text;

    internal override int TextLength => Text.Length;
}

/// <summary>A private message. <paramref name="Own"/> in the sender's copy.</summary>
public sealed record Whisper(Person From, Person To, string Text, bool Own) : MailContent
{
    public override string? Words => Text;

    /// <summary>The nick of the one at the other end.</summary>
    public string OtherNick => Own ? To.Nick : From.Nick;

    internal override int TextLength => Text.Length;
}

/// <summary>A word of the server to one session.</summary>
/// <param name="Text">Plain text; lines end in <c>\n</c>.</param>
/// <param name="Html">The same for clients that insert it as HTML, when it is more than the escaped text (a table).</param>
public sealed record Notice(string Text, string? Html) : MailContent
{
    internal override int TextLength => Text.Length + (Html?.Length ?? 0);
}

/// <summary>Somebody became an administrator, or ceased to be one.</summary>
public sealed record AdminChanged(Person Who, bool LoggedIn) : MailContent;

/// <summary>The topic of a room changed; empty when it was taken away.</summary>
public sealed record TopicChanged(string Room, Person Who, string Topic) : MailContent
{
    internal override int TextLength => Topic.Length;
}

/// <summary>The reader itself came into a room.</summary>
/// <param name="Others">Who was there before, longest first.</param>
public sealed record Welcome(string Room, Person Who, string Topic, IReadOnlyList<Person> Others) : MailContent
{
    internal override int TextLength => Topic.Length + Others.Count * 16;
}

/// <summary>The reader itself left a room.</summary>
public sealed record Farewell(string Room, Person Who) : MailContent;
