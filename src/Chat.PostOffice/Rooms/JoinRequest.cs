using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>A request to log in.</summary>
/// <param name="Nick">As typed.</param>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
public sealed record JoinRequest(string? Nick, string Host)
{
    /// <summary>A free display name, from which the server makes a free nick; null if the display name is <see cref="Nick"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the client can show nicks of any script, so that its user may have one; otherwise the nick must be ASCII.</summary>
    public bool AnyScript { get; init; }

    /// <summary>The user id that the client asks for.</summary>
    public string? WantedUserId { get; init; }

    /// <summary>The room that the session enters at once; null for none.</summary>
    public string? Home { get; init; } = RoomName.Lobby;

    /// <summary>
    /// Whether the client keeps the token, so that its user can come back after an absence. Otherwise the session ends when it is idle:
    /// nobody could use it again, and it would only hold its nick.
    /// </summary>
    public bool Keeps { get; init; }

    /// <summary>
    /// Whether the caller makes the person a member at once. Then it does not matter that guests cannot log in (<c>Chat:Guests</c>).
    /// </summary>
    internal bool Registers { get; init; }
}

/// <summary>A member's request for a new session, whose caller has checked who it is.</summary>
/// <param name="UserId">The member's user id.</param>
/// <param name="Host">Canonical address (<see cref="HostAddress"/>).</param>
/// <param name="Keeps">Whether the client keeps the token, as in <see cref="JoinRequest.Keeps"/>.</param>
internal sealed record SignInRequest(string UserId, string Host, bool Keeps);

/// <summary>The result of a login.</summary>
/// <param name="Outcome"><see cref="Accepted"/> or <see cref="Refused"/>.</param>
/// <param name="Session">The session's key; the default value unless accepted.</param>
/// <param name="Token">The session's secret; null unless it is a new one.</param>
public sealed record JoinResult(Outcome Outcome, SessionKey Session, string? Token);
