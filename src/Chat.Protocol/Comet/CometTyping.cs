namespace ErlChat.Protocol.Comet;

/// <summary>Says in the answer of a poll that somebody is typing, or has stopped. It is no item, and has no id.</summary>
/// <param name="Number">What the next poll says it has seen (<c>typing</c>).</param>
/// <param name="Room">The room; null for the private conversation with that user.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="On">False if the user has stopped.</param>
public sealed record CometTyping(long Number, string? Room, string Nick, string UserId, bool On);
