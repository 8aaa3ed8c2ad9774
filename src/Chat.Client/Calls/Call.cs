namespace ErlChat.Client;

/// <summary>One call of the library's user, over all its tries. Used by one thread at a time.</summary>
/// <param name="token">Ends it.</param>
internal sealed class Call(CancellationToken token)
{
    internal CancellationToken Token { get; } = token;

    /// <summary>Whether the server may have carried out what was asked, if the call ended now.</summary>
    internal bool MayHaveHappened { get; set; }
}
