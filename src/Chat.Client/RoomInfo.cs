namespace ErlChat.Client;

/// <summary>A room.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Topic">Its topic; empty for none.</param>
/// <param name="Members">How many users are in it.</param>
public sealed record RoomInfo(string Name, string Topic, int Members);
