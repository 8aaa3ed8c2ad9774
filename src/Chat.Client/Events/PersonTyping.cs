namespace ErlChat.Client;

/// <summary>
/// Somebody is typing, or has stopped. Only with <see cref="ChatClientOptions.WatchTyping"/>. It is in no history, has no id, and may get
/// lost.
/// </summary>
/// <param name="Room">The room; null for the private conversation with that user.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="On">False if the user has stopped.</param>
/// <param name="Lifetime">For how long to show it, unless it is said again or a message of that user arrives.</param>
public sealed record PersonTyping(string? Room, string Nick, string UserId, bool On, TimeSpan Lifetime) : ChatEvent;
