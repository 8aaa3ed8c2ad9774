using System.Text.Json.Serialization;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Who may not log in until a time: a person, an address, or both.</summary>
/// <param name="Host">The address that is banned (<see cref="HostAddress"/>); null if only the person is.</param>
/// <param name="Nick">The nick of the person whom the ban was made for.</param>
/// <param name="Reason">The administrator's reason.</param>
/// <param name="Until">When the ban ends.</param>
public sealed record Ban(string? Host, string Nick, string Reason, DateTimeOffset Until)
{
    /// <summary>
    /// The user id of the person who is banned (<see cref="Person.UserId"/>), under any nick; null if only the address is, as in bans of
    /// older versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }
}
