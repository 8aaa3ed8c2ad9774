using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>A host that may not log in until a time.</summary>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
/// <param name="Nick">Who it was made for.</param>
public sealed record Ban(string Host, string Nick, string Reason, DateTimeOffset Until);
