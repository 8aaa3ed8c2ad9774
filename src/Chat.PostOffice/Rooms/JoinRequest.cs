using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>What a newcomer asks for.</summary>
/// <param name="Nick">As typed.</param>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
public sealed record JoinRequest(string? Nick, string Host)
{
    /// <summary>A free name, of which a free nick is made; null when <see cref="Nick"/> is what the person wants to be called, or nothing.</summary>
    public string? Name { get; init; }

    /// <summary>The user id that the client wishes to have.</summary>
    public string? WantedUserId { get; init; }

    /// <summary>The room that is entered at once; null for none.</summary>
    public string? Home { get; init; } = RoomName.Lobby;
}

/// <summary>How a login came out.</summary>
/// <param name="Outcome"><see cref="JoinAccepted"/> or <see cref="Refused"/>.</param>
/// <param name="Session">The session's key; only when it was accepted.</param>
/// <param name="Token">The session's secret; null unless it was accepted.</param>
public sealed record JoinResult(Outcome Outcome, SessionKey Session, string? Token);
