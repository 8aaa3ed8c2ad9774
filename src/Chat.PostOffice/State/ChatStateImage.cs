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

    /// <summary>The members, by nick, whether they have sessions or not; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PersonImage>? Persons { get; init; }

    /// <summary>Bans of persons, by nick; null if there are none, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Ban>? PersonBans { get; init; }

    /// <summary>What administrators did, oldest first; null in snapshots of older versions.</summary>
    public IReadOnlyList<Act>? Acts { get; init; }

    /// <summary>
    /// How administrators removed people, oldest first; null if there are none, and in snapshots of older versions. Nothing else depends on
    /// them, so an older program may lose them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Removal>? Removals { get; init; }

    /// <summary>The names of private rooms that have ended; null if there are none, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SealedImage>? Sealed { get; init; }

    /// <summary>Up to which sequence the messages of new rooms are sealed, whatever their names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SealedFloor { get; init; }

    /// <summary>User ids of erased persons that nobody else gets, oldest first; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Erased { get; init; }

    /// <summary>The sequences of the newest erasures that were accepted, oldest first; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? Erasures { get; init; }

    /// <summary>Up to which sequence it is not known which erasures were accepted; 0 if it is known of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ErasuresFloor { get; init; }

    /// <summary>The newest messages that were deleted, by their sequences, oldest deletion first; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? Removed { get; init; }
}

/// <summary>What is stored of every person: of a guest with its session, of a member by itself.</summary>
internal interface IPersonFields
{
    Person Who { get; }

    string? Home { get; }

    bool IsAdmin { get; }

    DateTimeOffset MutedUntil { get; }

    long LastActive { get; }

    DateTimeOffset LastActiveAt { get; }

    string? NickLook { get; }

    string? NameLook { get; }

    long OfflineSince { get; }

    PreferencesImage? Preferences { get; }
}

/// <summary>What a person wants to see and hear.</summary>
public sealed record PreferencesImage(bool IsQuiet, IReadOnlyList<IgnoredImage> Ignored, IReadOnlyList<RoomPreferenceImage> Rooms);

/// <summary>Somebody whom a person ignores, and the sequence from which the nick is that user's.</summary>
public sealed record IgnoredImage(string UserId, string Nick, long From);

/// <summary>How a person wants to be told of a room. The way in which joins and leaves are shown is a word.</summary>
public sealed record RoomPreferenceImage(string Room, bool IsMuted, string Joins);

/// <summary>A member. A guest is part of its <see cref="SessionImage"/>.</summary>
/// <param name="Key">The key of the first session, under which memberships and private messages are filed.</param>
/// <param name="Who">Who the member is for others.</param>
/// <param name="Home">The room that it cannot leave.</param>
/// <param name="MemberSince">When it became a member.</param>
/// <param name="IsAdmin">Whether it is an administrator.</param>
/// <param name="MutedUntil">Until when it is muted.</param>
/// <param name="LastActive">The sequence of the last entry that it caused.</param>
/// <param name="LastActiveAt">The time of that entry.</param>
/// <param name="NickLook">The skeleton of the nick; null if that is not compared.</param>
/// <param name="NameLook">The skeleton of the name if that differs from the nick; null if there is none.</param>
/// <param name="OfflineSince">The sequence of the entry with which it went offline; 0 while it is online.</param>
public sealed record PersonImage(
    string Key,
    Person Who,
    string? Home,
    DateTimeOffset MemberSince,
    bool IsAdmin,
    DateTimeOffset MutedUntil,
    long LastActive,
    DateTimeOffset LastActiveAt,
    string? NickLook,
    string? NameLook,
    long OfflineSince) : IPersonFields
{
    /// <summary>Whether the member is an administrator for good; false in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAppointed { get; init; }

    /// <summary>How far the member has read each conversation.</summary>
    public IReadOnlyList<ReadMarkImage>? Read { get; init; }

    /// <summary>What it wants to see and hear; null if it has no wishes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferencesImage? Preferences { get; init; }
}

/// <summary>How far a member has read a conversation.</summary>
/// <param name="Room">The room; null for private messages.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="UpTo">The sequence of the newest message read.</param>
public sealed record ReadMarkImage(string? Room, string? With, long UpTo);

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
    IReadOnlyList<KeyedImage> Keyed) : IPersonFields
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

    /// <summary>The key of the member whose session this is; null if it is a guest's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Person { get; init; }

    /// <summary>The sequence of the entry with which it began; 0 if that is the one with which its person came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Began { get; init; }

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

    /// <summary>
    /// 0 if somebody is at the device, and in snapshots of older versions; otherwise up to which size rooms were told that nobody is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AwayAudience { get; init; }

    /// <summary>What a guest wants to see and hear; null for no wishes, and for a member, whose own image has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreferencesImage? Preferences { get; init; }
}

/// <summary>The outcome of a command with an idempotency key.</summary>
public sealed record KeyedImage(string Key, DateTimeOffset At, Outcome Outcome);

/// <summary>A room and its members, in the order in which they entered.</summary>
public sealed record RoomImage(string Name, string Topic, IReadOnlyList<MemberImage> Members)
{
    /// <summary>The skeleton of the name; null if that is not compared, and in snapshots of older versions.</summary>
    public string? Look { get; init; }

    /// <summary>What people see since the room was renamed; null if that is its name, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>The skeleton of the title; null if there is none, or that is not compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TitleLook { get; init; }

    /// <summary>The user id of whoever set the topic; null if there is none, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TopicBy { get; init; }

    /// <summary>Who may do what in it; null if there are no rules, and in snapshots of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoomRulesImage? Rules { get; init; }
}

/// <summary>A member of a room.</summary>
/// <param name="Session">The key of the person's first session.</param>
/// <param name="Since">The sequence of the entry with which it entered.</param>
/// <param name="Quiet">Whether it gets no joins and leaves.</param>
public sealed record MemberImage(string Session, long Since, bool Quiet);

/// <summary>The last command of a process run that was applied.</summary>
public sealed record OriginImage(string Origin, long Counter, long Sequence);
