namespace ErlChat.Client;

/// <summary>One call of an application, with all its tries. Used by one thread at a time.</summary>
/// <param name="token">Cancels it.</param>
internal sealed class Call(CancellationToken token)
{
    internal CancellationToken Token { get; } = token;

    /// <summary>Whether the server may have carried out the request if the call ended now.</summary>
    internal bool MayHaveHappened { get; set; }
}
