using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>A user may not speak until a time. Applies to every session with the nick or from the address.</summary>
/// <param name="Nick">The user whom the mute was made for.</param>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
/// <param name="Until">When the mute ends.</param>
public sealed record Mute(string Nick, string Host, DateTimeOffset Until);
