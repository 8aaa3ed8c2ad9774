namespace ErlChat.Client;

/// <summary>A room that there is.</summary>
/// <param name="Members">How many people are in it.</param>
public sealed record RoomInfo(string Name, string Topic, int Members);
