using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Who may enter a room, and who may do what in it. Users are known by their user ids. Only the fold changes it.</summary>
internal sealed class RoomRules
{
    /// <summary>Null in the lobby, in rooms of older versions, and if the owner is gone.</summary>
    internal string? OwnerId { get; set; }

    /// <summary>Whether only members may know of the room.</summary>
    internal bool IsPrivate { get; set; }

    /// <summary>Whether only moderators may speak.</summary>
    internal bool IsLocked { get; set; }

    /// <summary>Whether nobody may speak.</summary>
    internal bool IsArchived { get; set; }

    /// <summary>How long a user has to wait between two messages; 0 for no wait.</summary>
    internal TimeSpan Pause { get; set; }

    /// <summary>Messages up to this sequence cannot be read: they are from a private room that had this name.</summary>
    internal long SealedThrough { get; set; }

    /// <summary>In the order in which they were appointed. The owner is not among them.</summary>
    internal List<string> Moderators { get; } = [];

    /// <summary>Users who may enter a private room and have not done so yet, in the order of their invitations.</summary>
    internal List<string> Invited { get; } = [];

    /// <summary>The links that lead into the room, oldest first. Some may be over.</summary>
    internal List<RoomLink> Links { get; } = [];

    /// <summary>The sequences of the messages that are pinned, in the order in which they were.</summary>
    internal List<long> Pins { get; } = [];

    internal SlowSpeakers Speakers { get; } = new();

    /// <summary>Everyone whom this names, perhaps twice.</summary>
    internal IEnumerable<string> Named => OwnerId is null ? [.. Moderators, .. Invited] : [OwnerId, .. Moderators, .. Invited];

    /// <summary>The role that a user has in the room itself, whatever the user may do as an administrator.</summary>
    internal RoomRole RoleOf(string userId) =>
        OwnerId == userId ? RoomRole.Owner : Moderators.Contains(userId) ? RoomRole.Moderator : RoomRole.Member;

    /// <summary>A copy; null if there is nothing in it.</summary>
    internal RoomRulesImage? Capture()
    {
        SpeakerImage[] speakers = [.. Speakers.All];
        bool isEmpty = OwnerId is null && !IsPrivate && !IsLocked && !IsArchived && Pause == TimeSpan.Zero && SealedThrough == 0
            && Moderators.Count == 0 && Invited.Count == 0 && Links.Count == 0 && Pins.Count == 0 && speakers.Length == 0;
        return isEmpty
            ? null
            : new RoomRulesImage(OwnerId, IsPrivate, IsLocked, IsArchived, Pause, SealedThrough, [.. Moderators], [.. Invited], speakers)
            {
                Links = Links.Count > 0 ? [.. Links] : null,
                Pins = Pins.Count > 0 ? [.. Pins] : null,
            };
    }

    internal void Restore(RoomRulesImage image)
    {
        (OwnerId, IsPrivate, IsLocked, IsArchived, Pause, SealedThrough) =
            (image.OwnerId, image.IsPrivate, image.IsLocked, image.IsArchived, image.Pause, image.SealedThrough);
        Moderators.AddRange(image.Moderators);
        Invited.AddRange(image.Invited);
        Links.AddRange(image.Links ?? []);
        Pins.AddRange(image.Pins ?? []);
        foreach (SpeakerImage one in image.Speakers)
            Speakers.Restore(one);
    }
}
