namespace ErlChat.Client;

/// <summary>A try failed in a way that a later try may not.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="mayHaveHappened">Whether the server may have carried out the request.</param>
/// <param name="retryAfter">How long the server asked to wait; null if it did not.</param>
/// <param name="inner">The cause.</param>
internal sealed class ServerFault(
    string message,
    bool mayHaveHappened,
    TimeSpan? retryAfter = null,
    Exception? inner = null) : Exception(message, inner)
{
    internal bool MayHaveHappened { get; } = mayHaveHappened;

    internal TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The server that failed.</summary>
    internal Server? Server { get; set; }

    /// <summary>Whether another server of the chat can be asked at once.</summary>
    internal bool HasAlternative { get; set; }

    /// <summary>Whether the server is about to stop.</summary>
    internal bool IsStopping { get; init; }

    /// <summary>Whether the server only asks to slow down.</summary>
    internal bool IsRateLimited { get; init; }

    /// <summary>Whether the answer is longer than the options allow.</summary>
    internal bool IsTooLarge { get; init; }

    /// <summary>
    /// Whether the answer came from something that does not speak this protocol: another server, or something on the way, such as a proxy
    /// or a hotel's login page.
    /// </summary>
    internal bool IsForeign { get; init; }

    /// <summary>Whether there is nothing at the address that was asked for (404).</summary>
    internal bool IsNotFound { get; init; }
}
