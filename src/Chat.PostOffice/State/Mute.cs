using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Somebody may not speak until a time: whoever has the nick, and whoever comes from the address.</summary>
/// <param name="Nick">Who it was made for.</param>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
public sealed record Mute(string Nick, string Host, DateTimeOffset Until);
