namespace ErlChat.History;

/// <summary>The reactions to a message, for any reader.</summary>
/// <param name="Through">The sequence of the last entry that changed them.</param>
/// <param name="Emojis">Each emoji, the one that was used first before the others.</param>
public sealed record MessageReactions(long Through, IReadOnlyList<EmojiReactions> Emojis)
{
    /// <summary>How many nicks are shown of those who used an emoji.</summary>
    public const int MostNicks = 10;
}

/// <summary>Who reacted to a message with an emoji.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="Count">How many people; 1 or more.</param>
/// <param name="Nicks">The nicks of the first of them, at most <see cref="MessageReactions.MostNicks"/>.</param>
/// <param name="Users">Those among the people that the read asked about.</param>
public sealed record EmojiReactions(string Emoji, int Count, IReadOnlyList<string> Nicks, IReadOnlySet<string> Users);

/// <summary>A message whose reactions changed.</summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Through">The sequence of the last entry that changed them.</param>
/// <param name="At">The time of that entry.</param>
/// <param name="With">The user id of the other person of a private message; null for a message in a room.</param>
public sealed record ReactedMessage(long Message, long Through, DateTimeOffset At, string? With);

/// <summary>A page of messages whose reactions changed, in the order of the last changes.</summary>
/// <param name="Items">Each message once.</param>
/// <param name="More">Whether there are newer changes after the last one of this page.</param>
public sealed record ReactedPage(IReadOnlyList<ReactedMessage> Items, bool More);

/// <summary>A part of the reactions of a person.</summary>
/// <param name="Items">Those to the newest messages first.</param>
/// <param name="Before">From which message to go on, exclusive; 0 if this was the last part.</param>
public sealed record PersonReactions(IReadOnlyList<PersonReaction> Items, long Before)
{
    /// <summary>How many messages one part has.</summary>
    public const int Span = 200;
}

/// <summary>A reaction of a person.</summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Room">The room of the message; null for a private message.</param>
/// <param name="Emoji">The emoji.</param>
/// <param name="At">When it was added.</param>
public sealed record PersonReaction(long Message, string? Room, string Emoji, DateTimeOffset At);
