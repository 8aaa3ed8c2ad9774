using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.History;

/// <summary>Where a reader may search.</summary>
/// <param name="Rooms">Rooms, ignoring case.</param>
/// <param name="Private">The session whose private messages are searched too; null for rooms only.</param>
public sealed record SearchScope(IReadOnlyList<string> Rooms, SessionKey? Private)
{
    /// <summary>With whom the private messages were exchanged; with anybody by default.</summary>
    public Correspondent With { get; init; } = Correspondent.Anybody;

    /// <summary>The rooms whose messages up to a sequence are left out, because they are from a private room of that name.</summary>
    public IReadOnlyList<(string Room, long Through)> Sealed { get; init; } = [];

    /// <summary>Whether a message of a room is searched.</summary>
    public bool Has(string room, long sequence) => Rooms.Any(one => RoomName.Same(one, room))
        && !Sealed.Any(one => RoomName.Same(one.Room, room) && sequence <= one.Through);
}
