using ErlChat.Sessions;

namespace ErlChat.History;

/// <summary>Where a reader may look.</summary>
/// <param name="Rooms">Rooms, ignoring case.</param>
/// <param name="Private">Also the private messages of this session; null for rooms only.</param>
public sealed record SearchScope(IReadOnlyList<string> Rooms, SessionKey? Private);
