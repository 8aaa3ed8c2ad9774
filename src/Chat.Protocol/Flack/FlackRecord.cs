using System.Text.Json.Serialization;

namespace ErlChat.Protocol.Flack;

/// <summary>
/// What the server sends. A closed set. The keys and their order are a contract: the original's reference client compares the set of keys
/// exactly, so none may be added.
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

/// <summary>A user in a <see cref="ChatStateRecord"/>.</summary>
public sealed record ChatUserRecord(string UserName, string UserId) : FlackRecord("chat_user");

/// <summary>The users who were in a chat before the new member, who gets this record.</summary>
public sealed record ChatStateRecord(string ChatName, IReadOnlyList<ChatUserRecord> Users) : FlackRecord("chat_state");

/// <summary>A user joined a chat.</summary>
/// <param name="ChatName">The chat.</param>
/// <param name="UserName">The user's name.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="Timestamp">In the format of <see cref="FlackJson.TimeText"/>.</param>
/// <param name="Sequence">The entry's sequence in the log.</param>
public sealed record JoinedRecord(string ChatName, string UserName, string UserId, string Timestamp, long Sequence) : FlackRecord("joined");

/// <summary>A message in a chat.</summary>
/// <param name="ChatName">The chat.</param>
/// <param name="UserId">The sender's id.</param>
/// <param name="MimeType"><see cref="ChatMessageRequest.PlainText"/>.</param>
/// <param name="Message">The message.</param>
/// <param name="Timestamp">In the format of <see cref="FlackJson.TimeText"/>.</param>
/// <param name="Sequence">The entry's sequence in the log.</param>
public sealed record ChatMessageRecord(
    string ChatName,
    string UserId,
    string MimeType,
    string Message,
    string Timestamp,
    long Sequence) : FlackRecord("chat_message");

/// <summary>A user left a chat.</summary>
/// <param name="ChatName">The chat.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="Timestamp">In the format of <see cref="FlackJson.TimeText"/>.</param>
/// <param name="Sequence">The entry's sequence in the log.</param>
public sealed record LeftRecord(string ChatName, string UserId, string Timestamp, long Sequence) : FlackRecord("left");

public sealed record PingReplyRecord() : FlackRecord("ping_reply");

public sealed record ServerGoodbyeRecord() : FlackRecord("server_goodbye");
