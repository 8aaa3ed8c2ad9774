using System.Text.Json.Serialization;

namespace ErlChat.Client;

/// <summary>The server cannot be reached at the moment. This alone loses nothing; the client keeps trying.</summary>
/// <param name="Why">The reason, as text for users.</param>
public sealed record ConnectionLost(string Why) : ChatEvent;

/// <summary>The server can be reached again.</summary>
public sealed record ConnectionResumed : ChatEvent;

/// <summary>
/// The stream of events had to restart: the reader was further behind than the server keeps mail, or the server no longer knew the session.
/// <paramref name="Rooms"/> has the current users of each room, and the later events continue from there.
/// </summary>
/// <param name="Rooms">Every room that the client is in now.</param>
/// <param name="Missed">
/// The missed events that the history has, oldest first: those of the rooms, and the private messages if the session is still the same.
/// Each is reported only here. Notices are not in any history.
/// </param>
/// <param name="MayLack">Whether more events may have been missed, because the history does not reach back to the last event read.</param>
/// <param name="NewSession">Whether the client had to log in again.</param>
public sealed record Resynced(
    IReadOnlyList<RoomSnapshot> Rooms,
    IReadOnlyList<RoomEvent> Missed,
    bool MayLack,
    bool NewSession) : ChatEvent
{
    /// <summary>The first id that is not among the missed events.</summary>
    internal long Cursor { get; init; }

    /// <summary>The log that it belongs to.</summary>
    internal string? Epoch { get; init; }
}

/// <summary>The users in a room.</summary>
/// <param name="Room">The room.</param>
/// <param name="Users">Their nicks.</param>
/// <param name="AsOf">The list includes joins and leaves up to this id.</param>
public sealed record RoomSnapshot(string Room, IReadOnlyList<string> Users, long AsOf)
{
    /// <summary>What people call the room since it was renamed; null for its address, and if that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }
}

/// <summary>The last event: the session has ended.</summary>
/// <param name="Reason">
/// <c>left</c>, <c>kicked</c>, <c>banned</c>, <c>timeout</c>, <c>superseded</c>, <c>nick_in_use</c>, … or <c>gone</c> if the server does
/// not know the session any more.
/// </param>
public sealed record SessionEnded(string Reason) : ChatEvent
{
    /// <summary>What the server told a kicked or banned user: the administrator's reason, and until when; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Explanation { get; init; }
}
