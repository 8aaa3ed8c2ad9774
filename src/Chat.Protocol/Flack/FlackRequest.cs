using System.Text.Json.Serialization;

namespace ErlChat.Protocol.Flack;

/// <summary>What a client says. A closed set: the server switches over it exhaustively, a client sends it as JSON.</summary>
/// <remarks>A text that is null was absent; one that is there is a string within the wire's limits (<see cref="FlackRequestReader"/>).</remarks>
public abstract record FlackRequest
{
    /// <summary>The version that both sides speak.</summary>
    public const string Version = "1.0";

    private protected FlackRequest(string record) => Record = record;

    /// <summary>The kind of record; always the first key, as the original demanded.</summary>
    [JsonPropertyOrder(-1)]
    public string Record { get; }
}

/// <summary>The first word. <paramref name="ProtocolVersion"/> may be another than ours, or empty.</summary>
public sealed record ClientHelloRequest(string ProtocolVersion) : FlackRequest("client_hello");

/// <summary>Who the client is. <paramref name="UserId"/>: the id that it wishes to have; null when it has none or it is none that could be given.</summary>
public sealed record AuthenticateRequest(string? UserName, string? UserId = null) : FlackRequest("authenticate");

public sealed record JoinChatRequest(string? ChatName) : FlackRequest("join_chat");

/// <param name="ChatName">Null when absent, whatever the rest is.</param>
/// <param name="MimeType"><c>text/plain</c>.</param>
/// <param name="Message">Not empty, unless the chat's name is absent.</param>
public sealed record ChatMessageRequest(string? ChatName, string MimeType, string Message) : FlackRequest("chat_message")
{
    /// <summary>The only kind of content that there is.</summary>
    public const string PlainText = "text/plain";
}

public sealed record LeaveChatRequest(string? ChatName) : FlackRequest("leave_chat");

public sealed record PingRequest() : FlackRequest("ping");

public sealed record ClientGoodbyeRequest() : FlackRequest("client_goodbye");

/// <summary>Nothing that this wire knows. Never sent.</summary>
public sealed record UnrecognizedRequest() : FlackRequest("")
{
    public static UnrecognizedRequest Instance { get; } = new();
}
