using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ErlChat.Protocol.Flack;

/// <summary>Encodes records and requests, and parses records: compact JSON in raw UTF-8.</summary>
public static class FlackJson
{
    private static readonly FlackJsonContext s_wire = new(new JsonSerializerOptions(FlackJsonContext.Default.Options)
    {
        Encoder = WireEncoder.Instance,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = null,
    });

    /// <summary>A time in the wire's format: UTC, whole seconds, <c>Z</c>.</summary>
    public static string TimeText(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Encodes what the server sends.</summary>
    public static byte[] Encode(FlackRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return JsonSerializer.SerializeToUtf8Bytes(record, TypeOf(record.GetType()));
    }

    /// <summary>Encodes what a client sends.</summary>
    public static byte[] Encode(FlackRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.SerializeToUtf8Bytes(request, TypeOf(request.GetType()));
    }

    /// <summary>Parses what a client received. Unknown members are ignored.</summary>
    /// <exception cref="JsonException">It is not a record that a server sends.</exception>
    public static FlackRecord ReadRecord(ReadOnlySpan<byte> utf8)
    {
        string? kind = JsonSerializer.Deserialize(utf8, s_wire.RecordKind)?.Record;
        object? record = kind switch
        {
            "server_hello" => JsonSerializer.Deserialize(utf8, s_wire.ServerHelloRecord),
            "protocol_error" => JsonSerializer.Deserialize(utf8, s_wire.ProtocolErrorRecord),
            "authenticated" => JsonSerializer.Deserialize(utf8, s_wire.AuthenticatedRecord),
            "chat_state" => JsonSerializer.Deserialize(utf8, s_wire.ChatStateRecord),
            "joined" => JsonSerializer.Deserialize(utf8, s_wire.JoinedRecord),
            "chat_message" => JsonSerializer.Deserialize(utf8, s_wire.ChatMessageRecord),
            "left" => JsonSerializer.Deserialize(utf8, s_wire.LeftRecord),
            "ping_reply" => new PingReplyRecord(),
            "server_goodbye" => new ServerGoodbyeRecord(),
            _ => null,
        };
        return record as FlackRecord ?? throw new JsonException($"A server does not send records of the kind '{kind}'.");
    }

    private static JsonTypeInfo TypeOf(Type type) =>
        s_wire.GetTypeInfo(type) ?? throw new UnreachableException($"{type.Name} is not in {nameof(FlackJsonContext)}.");
}

/// <summary>The member that tells which kind of record it is.</summary>
internal sealed record RecordKind(string Record);

/// <summary>The generated serializers of the wire's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordKind))]
[JsonSerializable(typeof(ServerHelloRecord))]
[JsonSerializable(typeof(ProtocolErrorRecord))]
[JsonSerializable(typeof(AuthenticatedRecord))]
[JsonSerializable(typeof(ChatStateRecord))]
[JsonSerializable(typeof(JoinedRecord))]
[JsonSerializable(typeof(ChatMessageRecord))]
[JsonSerializable(typeof(LeftRecord))]
[JsonSerializable(typeof(PingReplyRecord))]
[JsonSerializable(typeof(ServerGoodbyeRecord))]
[JsonSerializable(typeof(ClientHelloRequest))]
[JsonSerializable(typeof(AuthenticateRequest))]
[JsonSerializable(typeof(JoinChatRequest))]
[JsonSerializable(typeof(ChatMessageRequest))]
[JsonSerializable(typeof(LeaveChatRequest))]
[JsonSerializable(typeof(PingRequest))]
[JsonSerializable(typeof(ClientGoodbyeRequest))]
internal sealed partial class FlackJsonContext : JsonSerializerContext;
