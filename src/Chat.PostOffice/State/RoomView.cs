namespace ErlChat.State;

/// <summary>A room, for looking at.</summary>
/// <param name="Members">How many people are in it.</param>
public sealed record RoomView(string Name, string Topic, int Members);
