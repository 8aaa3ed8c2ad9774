namespace ErlChat.Client;

/// <summary>A session of this client.</summary>
/// <param name="Token">Its secret.</param>
/// <param name="Nick">The nick as the server spells it.</param>
/// <param name="Epoch">The log that its ids belong to; null if the server does not say.</param>
/// <param name="PollTimeout">How long the server parks a poll.</param>
/// <param name="MaxMessageLength">How many characters a message may have.</param>
internal sealed record ClientSession(string Token, string Nick, string? Epoch, TimeSpan PollTimeout, int MaxMessageLength)
{
    /// <summary>The user's id; empty if the server does not say.</summary>
    internal string UserId { get; init; } = "";

    /// <summary>Whether the user was a member when the session was looked at.</summary>
    internal bool IsMember { get; init; }

    /// <summary>The fewest characters of a password.</summary>
    internal int MinPasswordLength { get; init; } = 1;

    /// <summary>For how long to show that somebody is typing; zero if the server does not tell.</summary>
    internal TimeSpan TypingLifetime { get; init; }

    /// <summary>The id to read from, when the session was looked at.</summary>
    internal long Start { get; init; }

    /// <summary>What people called those that had been renamed, by address.</summary>
    internal IReadOnlyDictionary<string, string> Titles { get; init; } = new Dictionary<string, string>();

    /// <summary>The rooms that the user was in then.</summary>
    internal IReadOnlyList<string> Rooms { get; init; } = [];
}
