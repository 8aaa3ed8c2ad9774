using ErlChat.Names;

namespace ErlChat.Postings;

/// <summary>The content of a mail. A closed set: doors switch over it exhaustively.</summary>
public abstract record MailContent
{
    private protected MailContent()
    {
    }

    /// <summary>UTF-16 units of text, for <c>Mail.Weight</c>.</summary>
    internal virtual int TextLength => 0;

    /// <summary>Whether this announces a join or leave of <paramref name="room"/>, which a list of its users already shows.</summary>
    internal virtual bool ChangesMembersOf(string room) => false;

    /// <summary>Whether only clients of the newer wires get it. For others it does not exist.</summary>
    internal virtual bool IsForNewer => false;

    /// <summary>The message's text, for searching; null if this is not a message.</summary>
    public virtual string? Words => null;
}

/// <summary>Another user entered a room.</summary>
public sealed record UserEntered(string Room, Person Who) : MailContent
{
    internal override bool ChangesMembersOf(string room) => RoomName.Same(room, Room);
}

/// <summary>Another user came back online, in these rooms (at least one).</summary>
public sealed record UserReturned(IReadOnlyList<string> Rooms, Person Who) : MailContent
{
    internal override bool ChangesMembersOf(string room) => Rooms.Any(one => RoomName.Same(room, one));
}

/// <summary>
/// Another user left these rooms (at least one), or went offline. If <paramref name="Gone"/>, these are all the rooms the user was in.
/// </summary>
public sealed record UserLeft(IReadOnlyList<string> Rooms, Person Who, string Reason, bool Gone) : MailContent
{
    /// <summary>Whether the user only went offline, and can come back as the same user.</summary>
    public bool IsOffline { get; init; }

    internal override bool ChangesMembersOf(string room) => Rooms.Any(one => RoomName.Same(room, one));
}

/// <summary>
/// A message to a room. An <paramref name="Action"/> is a <c>/me</c>. <paramref name="Own"/> is true in the sender's copy.
/// </summary>
public sealed record Spoken(string Room, Person Who, string Text, bool Action, bool Own) : MailContent
{
    /// <summary>What was done to it last; null if nothing was, and in mail: a mailbox gets that as another mail.</summary>
    public MessageChange? Change { get; init; }

    /// <summary>The message that it answers; null for none.</summary>
    public ParentMessage? Parent { get; init; }

    /// <summary>The reactions to it, for one reader; null if there are none, and in mail.</summary>
    public ShownReactions? Reactions { get; init; }

    /// <summary>The texts that it had before, oldest first; only in the history in memory.</summary>
    internal IReadOnlyList<(DateTimeOffset At, string Text)>? Earlier { get; init; }

    /// <summary>All reactions to it; only in the history in memory.</summary>
    internal StoredReactions? Reacted { get; init; }

    public override string? Words => Text;

    internal override int TextLength => Text.Length + (Earlier?.Sum(static one => one.Text.Length) ?? 0) + (Reacted?.Length ?? 0);
}

/// <summary>A private message. <paramref name="Own"/> is true in the sender's copy.</summary>
public sealed record Whisper(Person From, Person To, string Text, bool Own) : MailContent
{
    /// <inheritdoc cref="Spoken.Change"/>
    public MessageChange? Change { get; init; }

    /// <inheritdoc cref="Spoken.Parent"/>
    public ParentMessage? Parent { get; init; }

    /// <inheritdoc cref="Spoken.Reactions"/>
    public ShownReactions? Reactions { get; init; }

    /// <inheritdoc cref="Spoken.Reacted"/>
    internal StoredReactions? Reacted { get; init; }

    public override string? Words => Text;

    /// <summary>The nick of the other user.</summary>
    public string OtherNick => Own ? To.Nick : From.Nick;

    internal override int TextLength => Text.Length + (Reacted?.Length ?? 0);
}

/// <summary>A message from the server to one session.</summary>
/// <param name="Text">Plain text; lines are separated by <c>\n</c>.</param>
/// <param name="Html">For clients that insert HTML, if it is more than the escaped text (such as a table); otherwise null.</param>
public sealed record Notice(string Text, string? Html) : MailContent
{
    internal override int TextLength => Text.Length + (Html?.Length ?? 0);
}

/// <summary>A user became an administrator, or stopped being one.</summary>
public sealed record AdminChanged(Person Who, bool LoggedIn) : MailContent;

/// <summary>The topic of a room changed; empty if it was removed.</summary>
public sealed record TopicChanged(string Room, Person Who, string Topic) : MailContent
{
    internal override int TextLength => Topic.Length;
}

/// <summary>A room was renamed.</summary>
/// <param name="Room">The room's address, which has not changed.</param>
/// <param name="Who">Who renamed it.</param>
/// <param name="Title">The name that people see now; null for the address.</param>
public sealed record RoomTitled(string Room, Person Who, string? Title) : MailContent
{
    internal override int TextLength => Title?.Length ?? 0;
}

/// <summary>The reader itself entered a room.</summary>
/// <param name="Room">The room's address.</param>
/// <param name="Who">The reader.</param>
/// <param name="Topic">The topic; empty for none.</param>
/// <param name="Others">The earlier members, in the order in which they entered.</param>
public sealed record Welcome(string Room, Person Who, string Topic, IReadOnlyList<Person> Others) : MailContent
{
    /// <summary>The name that people see since the room was renamed; null if that is the address.</summary>
    public string? Title { get; init; }

    internal override int TextLength => Topic.Length + Others.Count * 16;
}

/// <summary>The reader itself left a room, or was removed from it.</summary>
public sealed record Farewell(string Room, Person Who) : MailContent
{
    /// <summary>Who removed the reader; null if the reader left.</summary>
    public Person? By { get; init; }

    /// <summary>Why the reader was removed; empty for no reason.</summary>
    public string Reason { get; init; } = "";

    internal override int TextLength => Reason.Length;
}

/// <summary>A message from the server to the members of a room, such as that it is locked now.</summary>
public sealed record RoomNotice(string Room, string Text) : MailContent
{
    internal override int TextLength => Text.Length;
}

/// <summary>The reader has read a conversation on another device: either a room, or the private messages with a user.</summary>
/// <param name="Room">The room; null for private messages.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="UpTo">The sequence of the newest message read.</param>
public sealed record ReadElsewhere(string? Room, string? With, long UpTo) : MailContent;

/// <summary>The reader's preferences are others now: whom it ignores, or what it is told of rooms. Clients read them again.</summary>
public sealed record PreferencesChanged : MailContent;

/// <summary>A user is away now, or no longer, on all devices.</summary>
/// <param name="Who">The user.</param>
/// <param name="IsAway">Whether nobody is at any of the devices.</param>
public sealed record AwayTold(Person Who, bool IsAway) : MailContent
{
    internal override bool IsForNewer => true;
}

/// <summary>A message of a room, or a private one, has another text now.</summary>
/// <param name="Message">The message.</param>
/// <param name="Text">The new text.</param>
/// <param name="Own">Whether it is the copy of the author of a private message; false in rooms.</param>
public sealed record MessageChanged(MessageRef Message, string Text, bool Own) : MailContent
{
    internal override int TextLength => Text.Length;
}

/// <summary>A message of a room, or a private one, was deleted.</summary>
/// <param name="Message">The message.</param>
/// <param name="ByModerator">Whether somebody else than the author deleted it.</param>
/// <param name="Own">Whether it is the copy of the author of a private message; false in rooms.</param>
public sealed record MessageRemoved(MessageRef Message, bool ByModerator, bool Own) : MailContent;

/// <summary>A message was pinned to its room, or a pin was taken away.</summary>
/// <param name="Message">The message.</param>
/// <param name="By">Who did it.</param>
/// <param name="On">Whether it is pinned now.</param>
public sealed record PinChanged(MessageRef Message, Person By, bool On) : MailContent
{
    /// <summary>The sequence of the message whose pin had to make room for this one; null for none.</summary>
    public long? Unpinned { get; init; }

    internal override bool IsForNewer => true;
}
