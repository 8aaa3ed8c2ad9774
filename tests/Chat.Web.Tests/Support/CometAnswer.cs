using System.Text.Json;

namespace ErlChat.Web.Tests;

/// <summary>A complete answer.</summary>
internal sealed record CometAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private JsonElement? _json;

    /// <summary>The body as JSON.</summary>
    internal JsonElement Json => _json ??= Parse();

    internal JsonElement Response => Json.GetProperty("response");

    internal bool IsEnvelope =>
        Headers.GetValueOrDefault("Content-Type") == "application/json; charset=utf-8"
            && Body.StartsWith("{\"status\":\"", StringComparison.Ordinal);

    internal bool IsOk => Status == HttpStatusCode.OK && IsEnvelope && Json.GetProperty("status").GetString() == "ok";

    /// <summary>The word of an error answer. Null for any other answer.</summary>
    internal string? Error => IsEnvelope && Json.GetProperty("status").GetString() == "error" ? Response.GetString() : null;

    internal bool IsReconnect => IsOk && Response.ValueKind == JsonValueKind.String && Response.GetString() == "reconnect";

    /// <summary>The items of a poll. Null when it returned none.</summary>
    internal IReadOnlyList<CometItemView>? Items => IsOk && Response.ValueKind == JsonValueKind.Array
        ? [.. Response.EnumerateArray().Select(one => new CometItemView(one))]
        : null;

    /// <summary>The session cookie that the answer sets. Null when it sets none.</summary>
    internal string? Token =>
        Headers.GetValueOrDefault("Set-Cookie")?.Split(';')[0].Split('=', 2) is ["chat_sess" or "__Host-chat_sess", var token]
            ? token
            : null;

    /// <summary>The id next to the response. Null when there is none.</summary>
    internal long? Id => Json.TryGetProperty("id", out JsonElement id) ? id.GetInt64() : null;

    internal string? Reason => Json.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null;

    private JsonElement Parse()
    {
        using JsonDocument document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }
}

/// <summary>An item as received.</summary>
internal sealed class CometItemView(JsonElement json)
{
    internal JsonElement Json { get; } = json;

    internal long Id => Json.GetProperty("id").GetInt64();

    internal string Type => Json.GetProperty("t").GetString()!;

    internal JsonElement Data => Json.GetProperty("d");

    internal string? Room => Find("room");

    internal string? Kind => Find("kind");

    /// <summary>The text of a message, or the plain text of a system message.</summary>
    internal string Text => Find("text")
        ?? (Data.ValueKind == JsonValueKind.String ? Data.GetString()!
            : Data.TryGetProperty("msg", out JsonElement msg) ? msg.GetString()!
            : "");

    /// <summary>The nick of the user it is about.</summary>
    internal string? Nick =>
        Data.ValueKind == JsonValueKind.Object ? Data.GetProperty("nick").GetString() : Type == "system_msg" ? null : Data.GetString();

    /// <summary>The item in one line: <c>chat_msg bob hi</c>.</summary>
    public override string ToString() => Type switch
    {
        "system_msg" => $"system_msg {Text}",
        "user_left_room" => $"user_left_room {Nick} {Data.GetProperty("reason").GetString()}",
        _ when Data.ValueKind == JsonValueKind.Object => $"{Type} {Nick} {Text}",
        _ => $"{Type} {Nick}",
    };

    private string? Find(string name) => Json.TryGetProperty(name, out JsonElement found) ? found.GetString() : null;
}
