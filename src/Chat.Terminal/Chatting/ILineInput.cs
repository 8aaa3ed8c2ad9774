namespace ErlChat.Terminal.Chatting;

/// <summary>Where the lines come from that a user types or a script writes.</summary>
internal interface ILineInput
{
    /// <summary>The lines, until the input ends or the token is cancelled. Neither is an error.</summary>
    IAsyncEnumerable<TypedLine> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A line, and the passwords that the user was asked for after a command.</summary>
internal sealed record TypedLine(string Text, IReadOnlyList<string> Secrets);
