using System.Text.Json.Serialization;

namespace ErlChat.State;

/// <summary>A room's owner, moderators, invitations and settings. Users are given by their ids.</summary>
public sealed record RoomRulesImage(
    string? OwnerId,
    bool IsPrivate,
    bool IsLocked,
    bool IsArchived,
    TimeSpan Pause,
    long SealedThrough,
    IReadOnlyList<string> Moderators,
    IReadOnlyList<string> Invited,
    IReadOnlyList<SpeakerImage> Speakers)
{
    /// <summary>The links that lead into the room; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RoomLink>? Links { get; init; }

    /// <summary>The sequences of the messages that are pinned, in the order in which they were; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? Pins { get; init; }
}

/// <summary>When a user last spoke in a slow room.</summary>
public sealed record SpeakerImage(string UserId, DateTimeOffset At);

/// <summary>A name whose messages up to a sequence are from a private room.</summary>
public sealed record SealedImage(string Room, long Through);
