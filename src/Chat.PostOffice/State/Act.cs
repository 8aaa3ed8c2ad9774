using System.Text.Json.Serialization;

namespace ErlChat.State;

/// <summary>What an administrator did. Refused commands are not acts.</summary>
/// <param name="Sequence">The sequence of its entry.</param>
/// <param name="At">When it was done.</param>
/// <param name="Kind">What was done.</param>
/// <param name="By">The administrator's nick.</param>
/// <param name="ById">The administrator's user id.</param>
public sealed record Act(long Sequence, DateTimeOffset At, ActKind Kind, string By, string ById)
{
    /// <summary>The longest <see cref="Text"/>, in UTF-16 code units.</summary>
    public const int MaxText = 500;

    /// <summary>The nick of the person to whom it was done; null if it was not done to a person, or that person was erased.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Of { get; init; }

    /// <summary>That person's user id; null if it was not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OfId { get; init; }

    /// <summary>
    /// The reason of a kick or a ban, the announcement, or the names of a room before and after, without what is above
    /// <see cref="MaxText"/>; null if none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>When the ban or the mute ends; null for other acts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether it was also done to the person's address, which is not kept here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HitsAddress { get; init; }

    /// <summary>A text without what is above <see cref="MaxText"/>.</summary>
    internal static string Cut(string text) =>
        text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];

    /// <summary>What was done, in words that follow the administrator's nick.</summary>
    public string Words() => Kind switch
    {
        ActKind.Granted => "became an administrator",
        ActKind.Revoked => "ceased to be an administrator",
        ActKind.Kicked => "kicked",
        ActKind.Banned => "banned",
        ActKind.Unbanned => "lifted the ban of",
        ActKind.Muted => "muted",
        ActKind.Unmuted => "unmuted",
        ActKind.Announced => "announced",
        ActKind.Appointed => "made an administrator of",
        ActKind.Dismissed => "took the administrator's rights from",
        ActKind.Erased => "erased",
        ActKind.RenamedRoom => "renamed a room",
        _ => throw new System.Diagnostics.UnreachableException(Kind.ToString()),
    };
}

/// <summary>The kinds of acts. Snapshots contain the names, so they never change.</summary>
public enum ActKind
{
    /// <summary>A user became an administrator.</summary>
    Granted,

    /// <summary>An administrator gave up the rights.</summary>
    Revoked,

    /// <summary>A user was removed from the chat.</summary>
    Kicked,

    /// <summary>A user was removed and banned.</summary>
    Banned,

    /// <summary>A ban was lifted.</summary>
    Unbanned,

    /// <summary>A user was muted.</summary>
    Muted,

    /// <summary>A mute was lifted.</summary>
    Unmuted,

    /// <summary>An announcement was sent to everyone.</summary>
    Announced,

    /// <summary>A member was made an administrator for good.</summary>
    Appointed,

    /// <summary>The rights of an administrator were taken back.</summary>
    Dismissed,

    /// <summary>A user was erased. The act has the user id and no nick.</summary>
    Erased,

    /// <summary>
    /// A public room was renamed by an administrator who had no role in it. The text is its name before and after.
    /// </summary>
    RenamedRoom,
}
