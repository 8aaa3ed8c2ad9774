namespace ErlChat.Terminal.Chatting;

/// <summary>Where the lines come from that a user types or a script writes.</summary>
internal interface ILineInput
{
    /// <summary>The lines, until the input ends, the user presses Ctrl+C or the token is cancelled. None of these is an error.</summary>
    IAsyncEnumerable<string> ReadAsync(CancellationToken cancellationToken);
}
