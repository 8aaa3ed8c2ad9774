namespace ErlChat.Protocol.Flack;

/// <summary>
/// The error that a client gets in a <c>protocol_error</c> before its connection is closed without a status. These are all of them; their
/// texts are a contract.
/// </summary>
public sealed record FlackError(string Code, string Reason)
{
    /// <summary>The first frame is not a client_hello.</summary>
    public static FlackError HelloExpected { get; } = new("CHAT-001", "A client_hello message was expected");

    /// <summary>A binary frame.</summary>
    public static FlackError UnexpectedMessage { get; } = new("CHAT-003", "Unexpected message");

    /// <summary>Not JSON, not an object, not a known record, or a record with invalid members.</summary>
    public static FlackError Unrecognized { get; } = new("CHAT_PROTOCOL-001", "Unrecognized message");

    /// <summary>A known record came before authenticate.</summary>
    public static FlackError AuthenticateExpected { get; } = new("CHAT_PROTOCOL-002", "Expected authenticate message");

    public static FlackError AlreadyAuthenticated { get; } = new("CHAT_PROTOCOL-003", "Already authenticated");

    public static FlackError UserNameMissing { get; } = new("CHAT_PROTOCOL-004", "authenticate message missing user_name field");

    public static FlackError ChatNameMissing { get; } = new("CHAT_PROTOCOL-005", "Missing chat name");

    public static FlackError AlreadyJoined { get; } = new("CHAT_PROTOCOL-006", "Chat already joined");

    /// <summary>A chat_message for a chat that the client has not joined, or without a chat name.</summary>
    public static FlackError NotJoinedToSpeak { get; } = new("CHAT_PROTOCOL-007", "Chat has not been joined");

    /// <summary>A leave_chat for a chat that the client has not joined, or without a chat name.</summary>
    public static FlackError NotJoinedToLeave { get; } = new("CHAT_PROTOCOL-008", "Chat has not been joined");

    /// <summary>A client_hello of an unsupported version.</summary>
    public static FlackError UnsupportedVersion(string version) =>
        new("CHAT-002", $"An unsupported protocol version was requested: {version}");
}
