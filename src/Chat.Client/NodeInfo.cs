namespace ErlChat.Client;

/// <summary>A server that serves the chat.</summary>
/// <param name="Uptime">How long it has been running.</param>
/// <param name="Sessions">People that are logged in there.</param>
/// <param name="Parked">Polls that are parked there.</param>
public sealed record NodeInfo(string Name, string Version, TimeSpan Uptime, int Sessions, int Parked);
