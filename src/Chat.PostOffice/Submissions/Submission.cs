using ErlChat.Sessions;

namespace ErlChat.Submissions;

/// <summary>What a person typed and sent.</summary>
/// <param name="Session">Who.</param>
/// <param name="Text">As it came; lone surrogates are replaced, nothing else is changed.</param>
public sealed record Submission(SessionKey Session, string Text)
{
    /// <summary>The room it is meant for; null when the client named none, which means the lobby.</summary>
    public string? Room { get; init; }

    /// <summary>The nick that it is meant for alone; null when it is for the room.</summary>
    public string? To { get; init; }

    /// <summary>The user id of the person it is meant for alone; together with <see cref="To"/>, that person must have that nick. Null when it does not matter who has it.</summary>
    public string? ToId { get; init; }

    /// <summary>The client's idempotency key; null when it gave none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether a <c>/word</c> at the beginning is a command.</summary>
    public bool AllowCommands { get; init; } = true;

    /// <summary>Whether a text of nothing but blanks is said; otherwise there is nothing to say in it.</summary>
    public bool AllowBlank { get; init; }

    /// <summary>Whether a sender over the rate limit is told so by mail too; a door that waits for the limit itself has no use for that.</summary>
    public bool TellRateLimit { get; init; } = true;
}
