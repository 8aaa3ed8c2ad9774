namespace ErlChat.Client;

/// <summary>A server of the chat.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Uptime">How long it has been running.</param>
/// <param name="Sessions">How many users are logged in there.</param>
/// <param name="Parked">How many polls are parked there.</param>
public sealed record NodeInfo(string Name, string Version, TimeSpan Uptime, int Sessions, int Parked)
{
    /// <summary>How far it is behind the log that it shares with the others; null for a server without a node's name.</summary>
    public TimeSpan? Lag { get; init; }
}
