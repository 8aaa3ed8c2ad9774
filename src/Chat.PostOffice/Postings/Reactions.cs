namespace ErlChat.Postings;

/// <summary>People reacted to a message of a room, or to a private one, or took reactions back. Only for clients that count them.</summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Room">The room; null for a private message.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="Changes">What they did: each person and emoji once.</param>
public sealed record ReactionsChanged(long Message, string? Room, string? With, IReadOnlyList<ReactionMade> Changes) : MailContent
{
    internal override bool IsForNewer => true;

    internal override int TextLength => Changes.Sum(static one => one.Emoji.Length + one.UserId.Length + one.Nick.Length + Frame);

    /// <summary>What surrounds a change on a wire.</summary>
    private const int Frame = 20;
}

/// <summary>A person added a reaction, or took it back.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="UserId">The person's user id.</param>
/// <param name="Nick">The person's nick.</param>
/// <param name="On">Whether it was added.</param>
public sealed record ReactionMade(string Emoji, string UserId, string Nick, bool On);

/// <summary>The reactions to a message, as they are now. Only in answers to reads.</summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Room">The room; null for a private message.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="Reactions">The reactions.</param>
public sealed record ReactionsNow(long Message, string? Room, string? With, ShownReactions Reactions) : MailContent
{
    internal override bool IsForNewer => true;

    internal override int TextLength => Reactions.Counts.Sum(static one => one.Emoji.Length + one.Nicks.Sum(static nick => nick.Length));
}

/// <summary>The reactions to a message, as one reader sees them.</summary>
/// <param name="Through">The sequence of the last entry that changed them.</param>
/// <param name="Counts">Each emoji, the one that was used first before the others; empty if there are none any more.</param>
public sealed record ShownReactions(long Through, IReadOnlyList<ReactionCount> Counts);

/// <summary>How often people reacted to a message with an emoji.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="Count">How many people; 1 or more.</param>
/// <param name="Mine">Whether the reader is among them.</param>
/// <param name="Nicks">The nicks of the first of them, at most 10.</param>
public sealed record ReactionCount(string Emoji, int Count, bool Mine, IReadOnlyList<string> Nicks);

/// <summary>A reaction as histories keep it.</summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Emoji">The emoji.</param>
/// <param name="UserId">Who reacted.</param>
/// <param name="Nick">The nick that the person had.</param>
/// <param name="Since">The sequence of the entry that added it.</param>
/// <param name="At">The time of that entry.</param>
public sealed record StoredReaction(long Message, string Emoji, string UserId, string Nick, long Since, DateTimeOffset At);

/// <summary>All reactions to a message, in the order in which they were added.</summary>
/// <param name="Through">The sequence of the last entry that changed them.</param>
/// <param name="At">The time of that entry.</param>
/// <param name="All">Each person and emoji once.</param>
internal sealed record StoredReactions(long Through, DateTimeOffset At, IReadOnlyList<StoredReaction> All)
{
    /// <summary>UTF-16 units of what they keep in memory.</summary>
    internal int Length => All.Sum(static one => one.Emoji.Length + one.UserId.Length + one.Nick.Length);
}
