namespace ErlChat.Client;

/// <summary>The client's own user, as the server knows it.</summary>
/// <param name="Nick">The nick.</param>
/// <param name="UserId">The user id, which no other user ever has.</param>
/// <param name="IsMember">Whether the user is a member; otherwise a guest.</param>
/// <param name="IsAdmin">Whether the user is an administrator now.</param>
/// <param name="Rooms">The rooms that the user is in.</param>
/// <param name="Invitations">Private rooms that the user may enter, at most 100.</param>
/// <param name="Read">How far the user has read; empty for a guest, of whom the server does not know it.</param>
public sealed record PersonInfo(
    string Nick,
    string UserId,
    bool IsMember,
    bool IsAdmin,
    IReadOnlyList<string> Rooms,
    IReadOnlyList<string> Invitations,
    IReadOnlyList<ReadMark> Read)
{
    /// <summary>What people call those of these rooms that were renamed, by address.</summary>
    public IReadOnlyDictionary<string, string> Titles { get; init; } = new Dictionary<string, string>();

    /// <summary>Whom the user ignores. A program that shows events should not show theirs.</summary>
    public IReadOnlyList<IgnoredUser> Ignored { get; init; } = [];
}

/// <summary>
/// Somebody whom the user ignores. Most events name users by their nick, and nicks of guests become free, so the nick means this user only
/// in a part of the events.
/// </summary>
/// <param name="Nick">The nick.</param>
/// <param name="UserId">The user id.</param>
/// <param name="From">The first id of the events in which the nick is this user's.</param>
/// <param name="Until">The first id of those in which it is another user's; null if it is not.</param>
public sealed record IgnoredUser(string Nick, string UserId, long From, long? Until);

/// <summary>How far a member has read a conversation, on all devices together.</summary>
/// <param name="Room">The room; null for private messages.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="UpTo">The id of the newest message read.</param>
public sealed record ReadMark(string? Room, string? WithId, long UpTo);

/// <summary>One of the places where the client's user is logged in.</summary>
/// <param name="Id">Its name for <see cref="ChatClient.EndDeviceAsync"/>. It opens nothing.</param>
/// <param name="Host">The address that it logged in from.</param>
/// <param name="Since">When it logged in.</param>
/// <param name="IsOnline">Whether it is in the chat now.</param>
/// <param name="IsThis">Whether it is this client.</param>
public sealed record Device(string Id, string Host, DateTimeOffset Since, bool IsOnline, bool IsThis);

/// <summary>A slash command of the server.</summary>
/// <param name="Name">What it begins with, such as <c>/invite</c>.</param>
/// <param name="Usage">How it is typed.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="IsForAdmins">Whether only administrators may use it.</param>
public sealed record CommandInfo(string Name, string Usage, string Help, bool IsForAdmins);
