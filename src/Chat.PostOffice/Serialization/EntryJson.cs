using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ErlChat.Log;
using ErlChat.Sessions;

namespace ErlChat.Serialization;

/// <summary>Defines how entries are written as JSON. A test pins the names, since files outlive programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = false,
    Converters = [typeof(SessionKeyConverter)])]
[JsonSerializable(typeof(Joined))]
[JsonSerializable(typeof(Left))]
[JsonSerializable(typeof(Moved))]
[JsonSerializable(typeof(WentOffline))]
[JsonSerializable(typeof(CameOnline))]
[JsonSerializable(typeof(Registered))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(MarkedRead))]
[JsonSerializable(typeof(EnteredRoom))]
[JsonSerializable(typeof(PartedRoom))]
[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Whispered))]
[JsonSerializable(typeof(Replied))]
[JsonSerializable(typeof(WhisperReplied))]
[JsonSerializable(typeof(Told))]
[JsonSerializable(typeof(Listed))]
[JsonSerializable(typeof(TopicSet))]
[JsonSerializable(typeof(AdminGranted))]
[JsonSerializable(typeof(AdminRevoked))]
[JsonSerializable(typeof(Kicked))]
[JsonSerializable(typeof(Banned))]
[JsonSerializable(typeof(Unbanned))]
[JsonSerializable(typeof(Muted))]
[JsonSerializable(typeof(Announced))]
[JsonSerializable(typeof(PersonBanned))]
[JsonSerializable(typeof(PersonMuted))]
[JsonSerializable(typeof(RoomChanged))]
[JsonSerializable(typeof(RoomInvited))]
[JsonSerializable(typeof(RoomRoleChanged))]
[JsonSerializable(typeof(RoomKicked))]
[JsonSerializable(typeof(AdminAppointed))]
[JsonSerializable(typeof(OperatorAppointed))]
[JsonSerializable(typeof(RoomLinkMade))]
[JsonSerializable(typeof(RoomLinkRevoked))]
[JsonSerializable(typeof(RoomLinkUsed))]
[JsonSerializable(typeof(RoomRenamed))]
[JsonSerializable(typeof(PersonIgnored))]
[JsonSerializable(typeof(PreferencesSet))]
[JsonSerializable(typeof(MessageEdited))]
[JsonSerializable(typeof(MessageDeleted))]
[JsonSerializable(typeof(AwayChanged))]
[JsonSerializable(typeof(MessagePinned))]
[JsonSerializable(typeof(Reacted))]
[JsonSerializable(typeof(Erased))]
[JsonSerializable(typeof(ForgotAddresses))]
internal sealed partial class EntryJson : JsonSerializerContext
{
    /// <summary>The options with which entries are written and read.</summary>
    internal static JsonSerializerOptions CreateSettings() => new(Default.Options)
    {
        // The body goes into a column and never into a page, so text need not be escaped and stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Default.WithAddedModifier(LeaveOutColumns),
    };

    /// <summary>Leaves out the command id and the time, which have their own columns.</summary>
    private static void LeaveOutColumns(JsonTypeInfo type)
    {
        if (!type.Type.IsSubclassOf(typeof(Entry)))
            return;
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.Name is "id" or "at")
                property.ShouldSerialize = static (_, _) => false;
        }
    }
}

/// <summary>Session keys as their 64 hexadecimal digits.</summary>
internal sealed class SessionKeyConverter : JsonConverter<SessionKey>
{
    public override SessionKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return SessionKey.Parse(reader.GetString()!);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SessionKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
