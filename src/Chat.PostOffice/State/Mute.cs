using System.Text.Json.Serialization;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>A person may not speak until a time, and neither may whoever logs in from an address, if that is muted too.</summary>
/// <param name="Nick">
/// The nick of the person whom the mute was made for. It mutes whoever has the nick. Once that person is erased, the address.
/// </param>
/// <param name="Host">The address that is muted too (<see cref="HostAddress"/>); null if only the person is.</param>
/// <param name="Until">When the mute ends.</param>
public sealed record Mute(string Nick, string? Host, DateTimeOffset Until)
{
    /// <summary>
    /// The user id of the person (<see cref="Person.UserId"/>), who is muted under any nick; null in mutes of older versions, which are of
    /// the nick and the address.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }
}
