using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>What the chat knows about a person, besides what the person wrote.</summary>
/// <param name="Who">Who the person is for others.</param>
/// <param name="MemberSince">When it became a member; null for a guest.</param>
/// <param name="IsAdmin">Whether it is an administrator now.</param>
/// <param name="MutedUntil">Until when it is muted; null if it is not.</param>
/// <param name="LastActiveAt">When it last did something.</param>
/// <param name="Devices">Its sessions, oldest first.</param>
/// <param name="Rooms">Its rooms and its role in each, in the order in which it entered them.</param>
/// <param name="Marks">How far it has read each conversation.</param>
public sealed record PersonRecord(
    Person Who,
    DateTimeOffset? MemberSince,
    bool IsAdmin,
    DateTimeOffset? MutedUntil,
    DateTimeOffset LastActiveAt,
    IReadOnlyList<SessionView> Devices,
    IReadOnlyList<(string Room, RoomRole Role)> Rooms,
    IReadOnlyList<ReadMark> Marks)
{
    /// <summary>What it wants to see and hear; null if nothing special.</summary>
    public PreferencesView? Preferences { get; init; }

    /// <summary>The links into rooms that it made and that are still valid.</summary>
    public IReadOnlyList<(string Room, string Id, DateTimeOffset Until)> Links { get; init; } = [];

    /// <summary>Under which key its private messages are filed.</summary>
    internal SessionKey Archive { get; init; }
}
