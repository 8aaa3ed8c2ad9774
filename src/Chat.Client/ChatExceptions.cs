namespace ErlChat.Client;

/// <summary>The base of all exceptions that a <see cref="ChatClient"/> throws, except for misuse and cancellation.</summary>
public abstract class ChatException : Exception
{
    private protected ChatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>
/// The server understood the request and refused it. If a retry can help at all, it helps only after <see cref="RetryAfter"/>.
/// </summary>
public sealed class ChatRefusedException : ChatException
{
    internal ChatRefusedException(ChatRefusal why, string word, TimeSpan? retryAfter = null)
        : base($"The chat server refuses: {word}.") => (Why, Word, RetryAfter) = (why, word, retryAfter);

    /// <summary>The reason.</summary>
    public ChatRefusal Why { get; }

    /// <summary>The reason as sent on the wire, for example <c>nick_in_use</c>.</summary>
    public string Word { get; }

    /// <summary>
    /// What the server told the user of a session that an administrator had ended: the reason, and until when a ban lasts. Null otherwise.
    /// </summary>
    public string? Explanation { get; internal init; }

    /// <summary>When a retry may succeed; null if the server does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The server could not be reached, or did not answer, within the time that the options allow.</summary>
public sealed class ChatUnavailableException : ChatException
{
    internal ChatUnavailableException(string message, bool mayHaveHappened, Exception? inner = null)
        : base(message, inner) => MayHaveHappened = mayHaveHappened;

    /// <summary>
    /// Whether the request may have been carried out: it was sent, and no answer came. If false, it was not carried out, except in rare
    /// cases in which the server stopped, or could not use its log any more, while the request was in progress.
    /// </summary>
    public bool MayHaveHappened { get; }

    /// <summary>How long the server asked to wait, if that was the reason; null otherwise.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}

/// <summary>The server does not speak this protocol.</summary>
public sealed class ChatProtocolException : ChatException
{
    internal ChatProtocolException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
