namespace ErlChat.History;

/// <summary>A text that a message had before it was edited.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Text">The text.</param>
public sealed record EarlierText(DateTimeOffset At, string Text)
{
    /// <summary>How many of a message are shown, and kept in memory. Databases keep all of them, as long as the message.</summary>
    public const int Most = 20;
}
