namespace ErlChat.Protocol.Flack;

/// <summary>
/// What a client is told in a <c>protocol_error</c> before its connection is closed without a status. The whole table; the texts are a contract.
/// </summary>
public sealed record FlackError(string Code, string Reason)
{
    /// <summary>The first frame is no client_hello.</summary>
    public static FlackError HelloExpected { get; } = new("CHAT-001", "A client_hello message was expected");

    /// <summary>A binary frame.</summary>
    public static FlackError UnexpectedMessage { get; } = new("CHAT-003", "Unexpected message");

    /// <summary>No JSON, no object, no known record, or one whose members are not what they should be.</summary>
    public static FlackError Unrecognized { get; } = new("CHAT_PROTOCOL-001", "Unrecognized message");

    /// <summary>A known record before authenticate.</summary>
    public static FlackError AuthenticateExpected { get; } = new("CHAT_PROTOCOL-002", "Expected authenticate message");

    public static FlackError AlreadyAuthenticated { get; } = new("CHAT_PROTOCOL-003", "Already authenticated");

    public static FlackError UserNameMissing { get; } = new("CHAT_PROTOCOL-004", "authenticate message missing user_name field");

    public static FlackError ChatNameMissing { get; } = new("CHAT_PROTOCOL-005", "Missing chat name");

    public static FlackError AlreadyJoined { get; } = new("CHAT_PROTOCOL-006", "Chat already joined");

    /// <summary>A chat_message for a chat that the client is not in, or for none.</summary>
    public static FlackError NotJoinedToSpeak { get; } = new("CHAT_PROTOCOL-007", "Chat has not been joined");

    /// <summary>A leave_chat for a chat that the client is not in, or for none.</summary>
    public static FlackError NotJoinedToLeave { get; } = new("CHAT_PROTOCOL-008", "Chat has not been joined");

    /// <summary>A client_hello of another version than ours.</summary>
    public static FlackError UnsupportedVersion(string version) => new("CHAT-002", $"An unsupported protocol version was requested: {version}");
}
