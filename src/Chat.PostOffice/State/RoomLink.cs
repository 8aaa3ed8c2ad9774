using System.Text.Json.Serialization;

namespace ErlChat.State;

/// <summary>A link that leads into a room.</summary>
/// <param name="Hash">The hash of its secret.</param>
/// <param name="By">The user id of the moderator who made it.</param>
/// <param name="Until">When it ends.</param>
public sealed record RoomLink(string Hash, string By, DateTimeOffset Until)
{
    /// <summary>How many digits of the hash name a link to its moderators. They open nothing, and a room has few links.</summary>
    public const int IdLength = 16;

    /// <summary>How moderators name it.</summary>
    [JsonIgnore]
    public string Id => Hash[..IdLength];
}
