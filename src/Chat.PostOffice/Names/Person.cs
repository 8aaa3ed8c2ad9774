namespace ErlChat.Names;

/// <summary>Who a session is to others.</summary>
/// <param name="Nick">The handle, unique among live sessions ignoring case.</param>
/// <param name="Name">What the person calls itself: the nick, or a flack user's free <c>user_name</c>.</param>
/// <param name="UserId">The public id of the session, unique among live sessions.</param>
public sealed record Person(string Nick, string Name, string UserId);
