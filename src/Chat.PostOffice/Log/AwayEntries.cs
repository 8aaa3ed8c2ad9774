using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>A device says that nobody is at it, or that somebody is again. Its person is away when nobody is at any of them.</summary>
/// <param name="Session">The device's session.</param>
/// <param name="IsAway">Whether nobody is there.</param>
/// <param name="Audience">Nobody is told in rooms with more people than this.</param>
public sealed record AwayChanged(SessionKey Session, bool IsAway, int Audience) : SessionEntry(Session);
