using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ErlChat.Log;

namespace ErlChat.Serialization;

/// <summary>Converts entries to rows and back.</summary>
public static class EntryCodec
{
    private static readonly JsonSerializerOptions s_settings = EntryJson.CreateSettings();

    /// <summary>The names that logs use for the kinds of entry. Never change one; a new kind gets a new name.</summary>
    public static FrozenDictionary<string, JsonTypeInfo> Kinds { get; } = new Dictionary<string, Type>
    {
        ["joined"] = typeof(Joined),
        ["left"] = typeof(Left),
        ["moved"] = typeof(Moved),
        ["went_offline"] = typeof(WentOffline),
        ["came_online"] = typeof(CameOnline),
        ["registered"] = typeof(Registered),
        ["signed_in"] = typeof(SignedIn),
        ["marked_read"] = typeof(MarkedRead),
        ["entered_room"] = typeof(EnteredRoom),
        ["parted_room"] = typeof(PartedRoom),
        ["said"] = typeof(Said),
        ["whispered"] = typeof(Whispered),
        ["replied"] = typeof(Replied),
        ["whisper_replied"] = typeof(WhisperReplied),
        ["told"] = typeof(Told),
        ["listed"] = typeof(Listed),
        ["topic_set"] = typeof(TopicSet),
        ["admin_granted"] = typeof(AdminGranted),
        ["admin_revoked"] = typeof(AdminRevoked),
        ["kicked"] = typeof(Kicked),
        ["banned"] = typeof(Banned),
        ["unbanned"] = typeof(Unbanned),
        ["muted"] = typeof(Muted),
        ["announced"] = typeof(Announced),
        ["person_banned"] = typeof(PersonBanned),
        ["person_muted"] = typeof(PersonMuted),
        ["room_changed"] = typeof(RoomChanged),
        ["room_invited"] = typeof(RoomInvited),
        ["room_role_changed"] = typeof(RoomRoleChanged),
        ["room_kicked"] = typeof(RoomKicked),
        ["admin_appointed"] = typeof(AdminAppointed),
        ["operator_appointed"] = typeof(OperatorAppointed),
        ["room_link_made"] = typeof(RoomLinkMade),
        ["room_link_revoked"] = typeof(RoomLinkRevoked),
        ["room_link_used"] = typeof(RoomLinkUsed),
        ["room_renamed"] = typeof(RoomRenamed),
        ["person_ignored"] = typeof(PersonIgnored),
        ["preferences_set"] = typeof(PreferencesSet),
        ["message_edited"] = typeof(MessageEdited),
        ["message_deleted"] = typeof(MessageDeleted),
        ["away_changed"] = typeof(AwayChanged),
        ["message_pinned"] = typeof(MessagePinned),
        ["reacted"] = typeof(Reacted),
        ["erased"] = typeof(Erased),
        ["forgot_addresses"] = typeof(ForgotAddresses),
    }.ToFrozenDictionary(kind => kind.Key, kind => s_settings.GetTypeInfo(kind.Value));

    /// <summary>
    /// The kinds that every program knows that can share a log with others. A kind that is added later is not among them: it is written
    /// only while all nodes know it.
    /// </summary>
    public static FrozenSet<string> OldestKinds { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "joined",
        "left",
        "entered_room",
        "parted_room",
        "said",
        "whispered",
        "told",
        "listed",
        "topic_set",
        "admin_granted",
        "admin_revoked",
        "kicked",
        "banned",
        "unbanned",
        "muted",
        "announced");

    private static readonly FrozenDictionary<Type, (string Kind, JsonTypeInfo Info)> s_byType =
        Kinds.ToFrozenDictionary(kind => kind.Value.Type, kind => (kind.Key, kind.Value));

    /// <summary>The kind of an entry, as in <see cref="Kinds"/>.</summary>
    public static string KindOf(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return s_byType[entry.GetType()].Kind;
    }

    /// <summary>Encodes an entry.</summary>
    public static EntryRow Encode(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        (string kind, JsonTypeInfo info) = s_byType[entry.GetType()];
        return new EntryRow(kind, entry.Id.Origin ?? "", entry.Id.Counter, UnixTime.Of(entry.At), JsonSerializer.Serialize(entry, info));
    }

    /// <summary>Decodes the entry in a row.</summary>
    /// <exception cref="JsonException">The kind is unknown, or the body is not one of its kind.</exception>
    public static Entry Decode(EntryRow row)
    {
        if (!Kinds.TryGetValue(row.Kind, out JsonTypeInfo? info))
            throw new JsonException($"Unknown kind '{row.Kind}'.");
        var entry = (Entry?)JsonSerializer.Deserialize(row.Body, info) ?? throw new JsonException("The body is null.");
        return entry with { Id = new CommandId(row.Origin, row.Counter), At = UnixTime.At(row.At) };
    }

    /// <summary>
    /// Whether the entry that is read back may differ from the one that was written: JSON cannot represent half a surrogate pair and
    /// contains U+FFFD instead.
    /// </summary>
    public static bool MayDiffer(EntryRow row) =>
        row.Body.Contains("\\uFFFD", StringComparison.OrdinalIgnoreCase) || row.Body.Contains('\uFFFD');
}
