namespace ErlChat.Client;

/// <summary>Everything that a <see cref="ChatClient"/> throws, besides misuse and cancellation.</summary>
public abstract class ChatException : Exception
{
    private protected ChatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The server understood and said no. Asking the same again helps only after <see cref="RetryAfter"/>, if at all.</summary>
public sealed class ChatRefusedException : ChatException
{
    internal ChatRefusedException(ChatRefusal why, string word, TimeSpan? retryAfter = null)
        : base($"The chat server refuses: {word}.") => (Why, Word, RetryAfter) = (why, word, retryAfter);

    /// <summary>The reason.</summary>
    public ChatRefusal Why { get; }

    /// <summary>The reason as the wire has it, for example <c>nick_in_use</c>.</summary>
    public string Word { get; }

    /// <summary>When it may work; null when the server does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The server could not be reached, or did not answer, for as long as the options are patient.</summary>
public sealed class ChatUnavailableException : ChatException
{
    internal ChatUnavailableException(string message, bool mayHaveHappened, Exception? inner = null)
        : base(message, inner) => MayHaveHappened = mayHaveHappened;

    /// <summary>Whether what was asked may have been done all the same: the request went out, and no answer to it came. False: it was surely not done.</summary>
    public bool MayHaveHappened { get; }

    /// <summary>How long the server asked to wait, where that was the reason; null otherwise.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}

/// <summary>What answers is no server of this wire.</summary>
public sealed class ChatProtocolException : ChatException
{
    internal ChatProtocolException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
