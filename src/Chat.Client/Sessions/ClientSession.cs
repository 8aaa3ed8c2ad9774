namespace ErlChat.Client;

/// <summary>A session of this client, while it lasts.</summary>
/// <param name="Token">Its secret.</param>
/// <param name="Nick">As the server spells it.</param>
/// <param name="Epoch">The log that its ids are of; null when the server does not say.</param>
/// <param name="PollTimeout">How long the server parks a poll.</param>
/// <param name="MaxMessageLength">Characters of a message.</param>
internal sealed record ClientSession(string Token, string Nick, string? Epoch, TimeSpan PollTimeout, int MaxMessageLength);
