using System.Text.Json.Serialization;

namespace ErlChat.Protocol.Flack;

/// <summary>What a client sends. A closed set: the server switches over it exhaustively, and a client encodes it as JSON.</summary>
/// <remarks>
/// A null text was absent. A text that is present is a string within the wire's limits (<see cref="FlackRequestReader"/>).
/// </remarks>
public abstract record FlackRequest
{
    /// <summary>The protocol version of both sides.</summary>
    public const string Version = "1.0";

    private protected FlackRequest(string record) => Record = record;

    /// <summary>The kind of record; always the first key, as the original required.</summary>
    [JsonPropertyOrder(-1)]
    public string Record { get; }
}

/// <summary>The first request. <paramref name="ProtocolVersion"/> may be any string, even an unsupported or empty one.</summary>
public sealed record ClientHelloRequest(string ProtocolVersion) : FlackRequest("client_hello");

/// <summary>
/// The user's name. <paramref name="UserId"/> is the id that the client asks for; null if it asked for none or for an invalid one.
/// </summary>
public sealed record AuthenticateRequest(string? UserName, string? UserId = null) : FlackRequest("authenticate");

public sealed record JoinChatRequest(string? ChatName) : FlackRequest("join_chat");

/// <summary>A message to a chat.</summary>
/// <param name="ChatName">Null if absent, whatever the rest is.</param>
/// <param name="MimeType"><c>text/plain</c>.</param>
/// <param name="Message">Not empty, unless the chat's name is absent.</param>
public sealed record ChatMessageRequest(string? ChatName, string MimeType, string Message) : FlackRequest("chat_message")
{
    /// <summary>The only supported content type.</summary>
    public const string PlainText = "text/plain";
}

public sealed record LeaveChatRequest(string? ChatName) : FlackRequest("leave_chat");

public sealed record PingRequest() : FlackRequest("ping");

public sealed record ClientGoodbyeRequest() : FlackRequest("client_goodbye");

/// <summary>A request that is not part of this wire. Never sent.</summary>
public sealed record UnrecognizedRequest() : FlackRequest("")
{
    public static UnrecognizedRequest Instance { get; } = new();
}
