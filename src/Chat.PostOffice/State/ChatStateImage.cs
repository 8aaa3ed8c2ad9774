using System.Text.Json.Serialization;
using ErlChat.Names;
using ErlChat.Outcomes;

namespace ErlChat.State;

/// <summary>
/// Everything that <see cref="ChatState"/> knows, in a canonical order: two states with equal images behave alike. Plain data, for
/// snapshots and tests.
/// </summary>
public sealed record ChatStateImage(
    long Sequence,
    IReadOnlyList<SessionImage> Sessions,
    IReadOnlyList<RoomImage> Rooms,
    IReadOnlyList<Ban> Bans,
    IReadOnlyList<OriginImage> Origins)
{
    /// <summary>Mutes by nick; null in snapshots of older versions.</summary>
    public IReadOnlyList<Mute>? Mutes { get; init; }
}

/// <summary>A session. Its rooms are in <see cref="ChatStateImage.Rooms"/>.</summary>
public sealed record SessionImage(
    string Key,
    Person Who,
    string Host,
    string? Home,
    DateTimeOffset Since,
    bool IsAdmin,
    DateTimeOffset MutedUntil,
    long LastActive,
    DateTimeOffset LastActiveAt,
    IReadOnlyList<KeyedImage> Keyed)
{
    /// <summary>The skeleton of the nick; null if that is not compared, and in snapshots of older versions.</summary>
    public string? NickLook { get; init; }

    /// <summary>
    /// The skeleton of the name if that differs from the nick; null if there is none, and in snapshots of older versions.
    /// </summary>
    public string? NameLook { get; init; }

    /// <summary>The node that serves the session; null if no node has said so, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ServedBy { get; init; }

    /// <summary>The sequence of the entry with which that node began to serve it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ServedSince { get; init; }

    /// <summary>Whether its client keeps the token; false in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsKept { get; init; }

    /// <summary>
    /// The sequence of the entry with which its user last came back online; 0 if that was the login, and in snapshots of older versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long OnlineSince { get; init; }

    /// <summary>The sequence of the entry with which its user went offline; 0 while the user is online.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long OfflineSince { get; init; }

    /// <summary>When it ends if its user does not come back; without meaning while the user is online.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTimeOffset OfflineUntil { get; init; }
}

/// <summary>The outcome of a command with an idempotency key.</summary>
public sealed record KeyedImage(string Key, DateTimeOffset At, Outcome Outcome);

/// <summary>A room and its members, in the order in which they entered.</summary>
public sealed record RoomImage(string Name, string Topic, IReadOnlyList<MemberImage> Members)
{
    /// <summary>The skeleton of the name; null if that is not compared, and in snapshots of older versions.</summary>
    public string? Look { get; init; }
}

/// <summary>A member of a room.</summary>
/// <param name="Session">The session's key.</param>
/// <param name="Since">The sequence of the entry with which it entered.</param>
/// <param name="Quiet">Whether it gets no joins and leaves.</param>
public sealed record MemberImage(string Session, long Since, bool Quiet);

/// <summary>The last command of a process run that was applied.</summary>
public sealed record OriginImage(string Origin, long Counter, long Sequence);
