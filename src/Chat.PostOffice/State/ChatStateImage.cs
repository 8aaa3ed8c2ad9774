using ErlChat.Names;
using ErlChat.Outcomes;

namespace ErlChat.State;

/// <summary>All that <see cref="ChatState"/> knows, in a canonical order: two states with equal images behave alike. Plain data, for snapshots and tests.</summary>
public sealed record ChatStateImage(
    long Sequence,
    IReadOnlyList<SessionImage> Sessions,
    IReadOnlyList<RoomImage> Rooms,
    IReadOnlyList<Ban> Bans,
    IReadOnlyList<OriginImage> Origins)
{
    /// <summary>Mutes by nick; null in snapshots of versions before.</summary>
    public IReadOnlyList<Mute>? Mutes { get; init; }
}

/// <summary>A session; rooms are in <see cref="ChatStateImage.Rooms"/>.</summary>
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
    /// <summary>What the nick looks like; null when that does not count, and in snapshots of versions before.</summary>
    public string? NickLook { get; init; }

    /// <summary>What a name that is not the nick looks like; null when there is none, and in snapshots of versions before.</summary>
    public string? NameLook { get; init; }
}

/// <summary>The outcome of a command with an idempotency key.</summary>
public sealed record KeyedImage(string Key, DateTimeOffset At, Outcome Outcome);

/// <summary>A room and its members in the order of their coming.</summary>
public sealed record RoomImage(string Name, string Topic, IReadOnlyList<MemberImage> Members)
{
    /// <summary>What the name looks like; null when that does not count, and in snapshots of versions before.</summary>
    public string? Look { get; init; }
}

/// <summary>A member of a room, by session key.</summary>
public sealed record MemberImage(string Session, long Since, bool Quiet);

/// <summary>The last command seen of a process's run.</summary>
public sealed record OriginImage(string Origin, long Counter, long Sequence);
