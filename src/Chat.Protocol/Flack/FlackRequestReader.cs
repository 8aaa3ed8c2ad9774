using System.Text.Json;

namespace ErlChat.Protocol.Flack;

/// <summary>Parses what a client sent: one JSON object with valid known members in any order. Unknown members are ignored.</summary>
/// <remarks>
/// Written by hand, because a generated deserializer cannot tell an absent member from null, which have different error codes, and does not
/// notice a lone surrogate in an unknown member.
/// </remarks>
public static class FlackRequestReader
{
    private static readonly FlackRequest s_ping = new PingRequest();
    private static readonly FlackRequest s_goodbye = new ClientGoodbyeRequest();

    /// <summary>The request; <see cref="UnrecognizedRequest"/> for anything invalid.</summary>
    public static FlackRequest Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var members = new Members();
            var json = new Utf8JsonReader(utf8);
            return ReadMembers(ref json, ref members) ? RequestOf(members) : UnrecognizedRequest.Instance;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string contains an escaped lone surrogate, so it is not text.
            return UnrecognizedRequest.Instance;
        }
    }

    private static bool ReadMembers(ref Utf8JsonReader json, ref Members members)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            Member value = json.TokenType == JsonTokenType.String ? new Member(true, json.GetString()) : new Member(true, null);
            Skip(ref json);
            if (!members.TrySet(name, value))
                return false;
        }

        // Reading past the end of the object throws if anything but blanks follows.
        return json.TokenType == JsonTokenType.EndObject && !json.Read();
    }

    /// <summary>Skips a value, checking every string in it.</summary>
    private static void Skip(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        int depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && json.ValueIsEscaped)
                json.GetString();
        }
    }

    private static FlackRequest RequestOf(in Members members) => members.Record.Text switch
    {
        "client_hello" when members.Version.Text is { } version => new ClientHelloRequest(version),
        "authenticate" => AuthenticateOf(members),
        "join_chat" when IsChatName(members.ChatName) => new JoinChatRequest(members.ChatName.Text),
        "chat_message" => MessageOf(members),
        "leave_chat" when IsChatName(members.ChatName) => new LeaveChatRequest(members.ChatName.Text),
        "ping" => s_ping,
        "client_goodbye" => s_goodbye,
        _ => UnrecognizedRequest.Instance,
    };

    private static FlackRequest AuthenticateOf(in Members members)
    {
        string? userId = FlackLimits.IsUserId(members.UserId.Text) ? members.UserId.Text : null;
        if (!members.UserName.Present)
            return new AuthenticateRequest(null, userId);
        return members.UserName.Text is { } name && FlackLimits.IsName(name, FlackLimits.MaxUserNameLength)
            ? new AuthenticateRequest(name, userId)
            : UnrecognizedRequest.Instance;
    }

    /// <summary>Parses a message. An absent chat name has its own error, so the other members are not checked then.</summary>
    private static FlackRequest MessageOf(in Members members)
    {
        if (!members.ChatName.Present)
            return new ChatMessageRequest(null, ChatMessageRequest.PlainText, "");
        return IsChatName(members.ChatName) && members.MimeType.Text == ChatMessageRequest.PlainText
            && members.Message.Text is { Length: > 0 } message
            ? new ChatMessageRequest(members.ChatName.Text, ChatMessageRequest.PlainText, message)
            : UnrecognizedRequest.Instance;
    }

    private static bool IsChatName(Member member) =>
        !member.Present || (member.Text is { } name && FlackLimits.IsName(name, FlackLimits.MaxChatNameLength));

    /// <summary>A member's value: absent, a string, or something else.</summary>
    private readonly record struct Member(bool Present, string? Text);

    private struct Members
    {
        internal Member Record;
        internal Member Version;
        internal Member UserName;
        internal Member UserId;
        internal Member ChatName;
        internal Member MimeType;
        internal Member Message;

        /// <summary>Returns false if the member was already set, because it is undefined which of the two counts.</summary>
        internal bool TrySet(string name, Member value)
        {
            switch (name)
            {
                case "record":
                    return TrySet(ref Record, value);
                case "protocol_version":
                    return TrySet(ref Version, value);
                case "user_name":
                    return TrySet(ref UserName, value);
                case "user_id":
                    return TrySet(ref UserId, value);
                case "chat_name":
                    return TrySet(ref ChatName, value);
                case "mime_type":
                    return TrySet(ref MimeType, value);
                case "message":
                    return TrySet(ref Message, value);
                default:
                    return true;
            }
        }

        private static bool TrySet(ref Member member, Member value)
        {
            bool first = !member.Present;
            member = value;
            return first;
        }
    }
}
