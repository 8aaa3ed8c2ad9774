using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>An address that may not log in until a time.</summary>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
/// <param name="Nick">The user whom the ban was made for.</param>
/// <param name="Reason">The administrator's reason.</param>
/// <param name="Until">When the ban ends.</param>
public sealed record Ban(string Host, string Nick, string Reason, DateTimeOffset Until);
