namespace ErlChat.Client;

/// <summary>One try of a request failed in a way that another try may not.</summary>
/// <param name="mayHaveHappened">Whether the server may have carried the request out.</param>
/// <param name="retryAfter">What the server asked for; null when it did not.</param>
internal sealed class ServerFault(string message, bool mayHaveHappened, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    internal bool MayHaveHappened { get; } = mayHaveHappened;

    internal TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The server asks to slow down, and is well otherwise.</summary>
    internal bool IsRateLimited { get; init; }

    /// <summary>The answer is longer than the options allow.</summary>
    internal bool IsTooLarge { get; init; }

    /// <summary>What answered did not speak this wire: another server, or something on the way, such as a proxy or a hotel's login page.</summary>
    internal bool IsForeign { get; init; }
}
