namespace ErlChat.Client;

/// <summary>The server cannot be reached at the moment. Nothing is lost by that as such; the client goes on trying.</summary>
/// <param name="Why">For people.</param>
public sealed record ConnectionLost(string Why) : ChatEvent;

/// <summary>The server answers again.</summary>
public sealed record ConnectionResumed : ChatEvent;

/// <summary>
/// The stream of events had to begin anew: more had come than the server keeps for a reader, or the server had forgotten the session. Who is where is
/// told afresh in <paramref name="Rooms"/>, and what follows begins from there.
/// </summary>
/// <param name="Rooms">Every room that the client is in now.</param>
/// <param name="Missed">What the history has of the time between, oldest first: of the rooms, and of the private messages when the
/// session is the same. None of it was told before, and none will be
/// again. Notices are in no history.</param>
/// <param name="MayLack">Whether more may have happened than <paramref name="Missed"/> has: the history does not reach back to what was read last.</param>
/// <param name="NewSession">Whether the client had to log in again.</param>
public sealed record Resynced(IReadOnlyList<RoomSnapshot> Rooms, IReadOnlyList<RoomEvent> Missed, bool MayLack, bool NewSession) : ChatEvent;

/// <summary>Who is in a room.</summary>
/// <param name="AsOf">Joins and leaves up to this id are contained.</param>
public sealed record RoomSnapshot(string Room, IReadOnlyList<string> Users, long AsOf);

/// <summary>The last event: the session is over.</summary>
/// <param name="Reason"><c>left</c>, <c>kicked</c>, <c>banned</c>, <c>timeout</c>, <c>superseded</c>, <c>nick_in_use</c>, … or <c>gone</c> when the server does not know it any more.</param>
public sealed record SessionEnded(string Reason) : ChatEvent;
