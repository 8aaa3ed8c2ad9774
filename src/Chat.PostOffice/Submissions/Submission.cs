using ErlChat.Sessions;

namespace ErlChat.Submissions;

/// <summary>What a user typed and sent.</summary>
/// <param name="Session">The user's session.</param>
/// <param name="Text">The text as received. Lone surrogates are replaced; nothing else is changed.</param>
public sealed record Submission(SessionKey Session, string Text)
{
    /// <summary>The room that it is for; null if the client named none, which means the lobby.</summary>
    public string? Room { get; init; }

    /// <summary>The nick of the only receiver; null if it is for the room.</summary>
    public string? To { get; init; }

    /// <summary>
    /// The user id of the only receiver. Together with <see cref="To"/>, that user must have that nick. Null if the nick alone decides.
    /// </summary>
    public string? ToId { get; init; }

    /// <summary>The client's idempotency key; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// The sequence of the message that it answers, which must be in the same room or private conversation; null for none. Commands do
    /// without it.
    /// </summary>
    public long? ReplyTo { get; init; }

    /// <summary>Whether a <c>/word</c> at the beginning is a command.</summary>
    public bool AllowCommands { get; init; } = true;

    /// <summary>Whether a text of only blanks is sent; otherwise it is ignored.</summary>
    public bool AllowBlank { get; init; }

    /// <summary>
    /// Whether a sender over the rate limit is also told so by mail. A door that waits for the limit itself does not need that.
    /// </summary>
    public bool TellRateLimit { get; init; } = true;
}
