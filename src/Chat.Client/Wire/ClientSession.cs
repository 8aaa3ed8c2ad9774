namespace ErlChat.Client;

/// <summary>A session of this client.</summary>
/// <param name="Token">Its secret.</param>
/// <param name="Nick">The nick as the server spells it.</param>
/// <param name="Epoch">The log that its ids belong to; null if the server does not say.</param>
/// <param name="PollTimeout">How long the server parks a poll.</param>
/// <param name="MaxMessageLength">How many characters a message may have.</param>
internal sealed record ClientSession(string Token, string Nick, string? Epoch, TimeSpan PollTimeout, int MaxMessageLength);
