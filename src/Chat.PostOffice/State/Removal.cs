using System.Globalization;
using System.Text.Json.Serialization;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// How an administrator removed somebody from the chat: what the client of a session that ended with it is told when it comes back.
/// </summary>
/// <param name="Session">The key of the session.</param>
/// <param name="UserId">Whose session it was.</param>
/// <param name="ById">The administrator's user id.</param>
/// <param name="Reason">The administrator's reason, without what is above <see cref="Act.MaxText"/>.</param>
/// <param name="Until">Until when this is remembered.</param>
public sealed record Removal(string Session, string UserId, string ById, string Reason, DateTimeOffset Until)
{
    /// <summary>When the ban ends; null for a kick.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Whether the session was offline, so that its mailbox got no notice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasAway { get; init; }

    /// <summary>Why the session ended.</summary>
    [JsonIgnore]
    public CloseReason Closing => BannedUntil is null ? CloseReason.Kicked : CloseReason.Banned;

    /// <summary>The notice to the user.</summary>
    public string Words() => Words(Reason, BannedUntil);

    /// <summary>The notice to a user who is removed, as plain text.</summary>
    internal static string Words(string reason, DateTimeOffset? bannedUntil) => bannedUntil is { } until
        ? $"You have been banned from the chat room until {until.ToString("R", CultureInfo.InvariantCulture)}. Reason: {reason}"
        : $"You have been kicked from the chat room. Reason: {reason}";
}
