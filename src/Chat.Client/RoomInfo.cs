using System.Text.Json.Serialization;

namespace ErlChat.Client;

/// <summary>A room.</summary>
/// <param name="Name">Its address: the name with which it was made.</param>
/// <param name="Topic">Its topic; empty for none.</param>
/// <param name="Members">How many users are in it.</param>
public sealed record RoomInfo(string Name, string Topic, int Members)
{
    /// <summary>What people call it since it was renamed; null for its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>Whether only its members see it.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Whether only moderators may speak.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Whether nobody may speak.</summary>
    public bool IsArchived { get; init; }

    /// <summary>How long a member has to wait between two messages; zero for not at all.</summary>
    public TimeSpan Slow { get; init; }
}

/// <summary>A room with those who look after it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Owner">The owner's nick; null if it belongs to the administrators.</param>
/// <param name="Moderators">The moderators' nicks.</param>
/// <param name="Invited">The nicks of those who are invited; empty unless the client is a moderator.</param>
/// <param name="Role">The client's own role.</param>
public sealed record RoomDetails(
    RoomInfo Room, string? Owner, IReadOnlyList<string> Moderators, IReadOnlyList<string> Invited, RoomRole Role)
{
    /// <summary>The links into the room, without their secrets; empty unless the client is a moderator.</summary>
    public IReadOnlyList<RoomLink> Links { get; init; } = [];
}

/// <summary>A link into a room.</summary>
/// <param name="Id">Its name for <see cref="ChatClient.RevokeRoomLinkAsync"/>. It opens nothing.</param>
/// <param name="By">The nick of whoever made it.</param>
/// <param name="Until">When it ends.</param>
public sealed record RoomLink(string Id, string By, DateTimeOffset Until);

/// <summary>A link that was just made. It has no readable text, so that no log gets the secret.</summary>
public sealed class NewRoomLink
{
    internal NewRoomLink(RoomLink link, string secret) => (Link, Secret) = (link, secret);

    /// <summary>What is listed of it.</summary>
    public RoomLink Link { get; }

    /// <summary>
    /// What opens the room, in <c>chat/#join=SECRET</c> behind the chat's public address, which only the program knows. The server cannot
    /// say it again.
    /// </summary>
    public string Secret { get; }
}

/// <summary>What a user may do in a room.</summary>
public enum RoomRole
{
    Member,

    /// <summary>May invite, remove, lock and slow down.</summary>
    Moderator,

    /// <summary>May also make the room private, archive it, and choose moderators.</summary>
    Owner,
}

/// <summary>What to change about a room. What is null stays as it is.</summary>
public sealed record RoomChange
{
    /// <summary>Whether only its members see it.</summary>
    public bool? IsPrivate { get; init; }

    /// <summary>Whether only moderators may speak.</summary>
    public bool? IsLocked { get; init; }

    /// <summary>Whether nobody may speak.</summary>
    public bool? IsArchived { get; init; }

    /// <summary>How long a member has to wait between two messages, in whole seconds, up to 1 h; zero for not at all.</summary>
    public TimeSpan? Slow { get; init; }

    internal Dictionary<string, string> Fields
    {
        get
        {
            var fields = new Dictionary<string, string>();
            Add("private", IsPrivate);
            Add("locked", IsLocked);
            Add("archived", IsArchived);
            if (Slow is { } slow)
                fields["slow"] = ((long)slow.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return fields;

            void Add(string name, bool? flag)
            {
                if (flag is { } value)
                    fields[name] = value ? "1" : "0";
            }
        }
    }
}
