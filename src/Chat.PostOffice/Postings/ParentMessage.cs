namespace ErlChat.Postings;

/// <summary>The message that another one answers.</summary>
/// <param name="Sequence">The sequence of its entry.</param>
public sealed record ParentMessage(long Sequence)
{
    /// <summary>The nick that its author had when writing it; null if that is no longer known.</summary>
    public string? Nick { get; init; }

    /// <summary>The user id of its author; null if that is no longer known.</summary>
    public string? AuthorId { get; init; }

    /// <summary>
    /// How its text begins now; null if it was deleted or is no longer known, and in mail: a text that waits in a mailbox could not be
    /// deleted together with the message.
    /// </summary>
    public string? Excerpt { get; init; }

    /// <summary>The message that a message answers; null for none.</summary>
    public static ParentMessage? Of(MailContent content) => content switch
    {
        Spoken spoken => spoken.Parent,
        Whisper whisper => whisper.Parent,
        _ => null,
    };
}
