using ErlChat.Sessions;

namespace ErlChat.History;

/// <summary>Where a reader may search.</summary>
/// <param name="Rooms">Rooms, ignoring case.</param>
/// <param name="Private">The session whose private messages are searched too; null for rooms only.</param>
public sealed record SearchScope(IReadOnlyList<string> Rooms, SessionKey? Private);
