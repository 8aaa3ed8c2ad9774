using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ErlChat.State;

namespace ErlChat.Snapshots;

/// <summary>Converts a state image to compressed bytes with a checksum, and back. Shared by all logs that keep snapshots.</summary>
public static class SnapshotCodec
{
    /// <summary>
    /// The newest version of the format below. Adding a member does not change it: older snapshots lack the member, which then has its
    /// default. A program reads no snapshot of a newer format; it uses an older one, or the log. See docs/upgrading.md.
    /// </summary>
    public const int Format = 8;

    /// <summary>The format before users could be offline. It is still written while nobody is, for older programs.</summary>
    private const int WithoutPresence = 1;

    /// <summary>
    /// The format before there were members, rooms with owners, bans and mutes of persons, and preferences. It is still written while there
    /// are none.
    /// </summary>
    private const int WithoutPersons = 2;

    /// <summary>
    /// The format before members could be administrators for good, and persons could be erased. It is still written while there are none
    /// and were none.
    /// </summary>
    private const int WithoutErasures = 3;

    /// <summary>The format before rooms could be renamed. It is still written while none is, and no act is about that.</summary>
    private const int WithoutTitles = 4;

    /// <summary>The format before messages could be deleted. It is still written while none were.</summary>
    private const int WithoutDeletions = 5;

    /// <summary>The format before messages could be pinned. It is still written while none is.</summary>
    private const int WithoutPins = 6;

    /// <summary>The format before users could be away. It is still written while nobody is.</summary>
    private const int WithoutAway = 7;

    private static readonly JsonTypeInfo<ChatStateImage> s_type = SnapshotJson.CreateImageType();

    /// <summary>The oldest format that has everything in an image.</summary>
    public static int FormatOf(ChatStateImage image)
    {
        ArgumentNullException.ThrowIfNull(image);

        if (image.Sessions.Any(static session => session.AwayAudience > 0))
            return Format;
        if (image.Rooms.Any(static room => room.Rules?.Pins is not null))
            return WithoutAway;
        if (image.Removed is not null)
            return WithoutPins;

        // An older program does not know the kinds of acts either.
        if (image.Rooms.Any(static room => room.Title is not null)
            || image.Acts?.Any(static act => act.Kind == ActKind.RenamedRoom) == true)
        {
            return WithoutDeletions;
        }

        if (image is not { Erased: null, Erasures: null }
            || image.Persons?.Any(static person => person.IsAppointed) == true
            || image.Acts?.Any(static act => act.Kind is ActKind.Appointed or ActKind.Dismissed or ActKind.Erased) == true)
        {
            return WithoutTitles;
        }

        if (image is not { Sealed: null, SealedFloor: 0, Persons: null }
            || image.Sessions.Any(static session => session.Preferences is not null)
            || image.Rooms.Any(static room => room.Rules is not null)
            || image.PersonBans is { Count: > 0 }
            || image.Mutes?.Any(static mute => mute.UserId is not null) == true)
        {
            return WithoutErasures;
        }

        return image.Sessions.Any(static session => session.OfflineSince > 0) ? WithoutPersons : WithoutPresence;
    }

    /// <summary>The image as bytes, and their SHA-256.</summary>
    public static (byte[] Image, byte[] Checksum) Encode(ChatStateImage image)
    {
        using var bytes = new MemoryStream();
        using (var compressed = new GZipStream(bytes, CompressionLevel.Fastest))
            JsonSerializer.Serialize(compressed, image, s_type);
        byte[] encoded = bytes.ToArray();
        return (encoded, SHA256.HashData(encoded));
    }

    /// <summary>Decodes an image. Returns null, and the reason, if it cannot be used.</summary>
    public static ChatStateImage? TryDecode(long format, byte[] bytes, byte[] checksum, out string? problem)
    {
        problem = format is < WithoutPresence or > Format ? $"its format is {format}, not {WithoutPresence} to {Format}"
            : !SHA256.HashData(bytes).AsSpan().SequenceEqual(checksum) ? "its checksum is wrong"
            : null;
        if (problem is not null)
            return null;
        try
        {
            using var compressed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return Tried(JsonSerializer.Deserialize(compressed, s_type));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever is wrong with a snapshot, it must not keep the server from starting.
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Tries to restore a state from the image, which may contradict itself: a member of a room may have no session.</summary>
    private static ChatStateImage Tried(ChatStateImage? image)
    {
        ChatState.Restore(image ?? throw new InvalidDataException("there is nothing in it"));
        return image;
    }
}
