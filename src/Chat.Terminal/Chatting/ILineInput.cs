namespace ErlChat.Terminal.Chatting;

/// <summary>Where the lines come from that somebody types, or a script writes.</summary>
internal interface ILineInput
{
    /// <summary>The lines, until the input ends, Ctrl+C is typed or the token is cancelled; none of these is an error.</summary>
    IAsyncEnumerable<string> ReadAsync(CancellationToken cancellationToken);
}
