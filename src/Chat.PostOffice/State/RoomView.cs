namespace ErlChat.State;

/// <summary>A read-only copy of a room.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Topic">Its topic; empty for none.</param>
/// <param name="Members">How many users are in it and online.</param>
public sealed record RoomView(string Name, string Topic, int Members);
