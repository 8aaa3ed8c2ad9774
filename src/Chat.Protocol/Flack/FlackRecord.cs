using System.Text.Json.Serialization;

namespace ErlChat.Protocol.Flack;

/// <summary>
/// What the server says. A closed set. The keys and their order are a contract: the original's reference client compares the set of keys exactly, so
/// nothing may be added.
/// </summary>
public abstract record FlackRecord
{
    private protected FlackRecord(string record) => Record = record;

    /// <summary>The kind of record; always the first key.</summary>
    [JsonPropertyOrder(-1)]
    public string Record { get; }
}

public sealed record ServerHelloRecord(string ProtocolVersion) : FlackRecord("server_hello");

public sealed record ProtocolErrorRecord(string Code, string Reason) : FlackRecord("protocol_error");

public sealed record AuthenticatedRecord(string UserId) : FlackRecord("authenticated");

/// <summary>Somebody in a <see cref="ChatStateRecord"/>.</summary>
public sealed record ChatUserRecord(string UserName, string UserId) : FlackRecord("chat_user");

/// <summary>Who was in a chat before its newcomer, to whom this is sent.</summary>
public sealed record ChatStateRecord(string ChatName, IReadOnlyList<ChatUserRecord> Users) : FlackRecord("chat_state");

/// <param name="Timestamp"><see cref="FlackJson.TimeText"/>.</param>
public sealed record JoinedRecord(string ChatName, string UserName, string UserId, string Timestamp, long Sequence) : FlackRecord("joined");

/// <param name="Timestamp"><see cref="FlackJson.TimeText"/>.</param>
public sealed record ChatMessageRecord(string ChatName, string UserId, string MimeType, string Message, string Timestamp, long Sequence) : FlackRecord("chat_message");

/// <param name="Timestamp"><see cref="FlackJson.TimeText"/>.</param>
public sealed record LeftRecord(string ChatName, string UserId, string Timestamp, long Sequence) : FlackRecord("left");

public sealed record PingReplyRecord() : FlackRecord("ping_reply");

public sealed record ServerGoodbyeRecord() : FlackRecord("server_goodbye");
