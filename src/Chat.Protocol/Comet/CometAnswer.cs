using System.Text.Json;

namespace ErlChat.Protocol.Comet;

/// <summary>An answer of the comet door, as a client reads it. Members that this version does not know are ignored.</summary>
public sealed class CometAnswer
{
    private readonly JsonElement _root;

    private CometAnswer(JsonElement root, JsonElement response, string? error) => (_root, Response, Error) = (root, response, error);

    /// <summary>The value of <c>response</c>.</summary>
    public JsonElement Response { get; }

    /// <summary>One of <see cref="CometErrors"/>, or a word newer than this version; null if the answer is ok.</summary>
    public string? Error { get; }

    /// <summary>Whether a poll ended without mail.</summary>
    public bool IsReconnect => Error is null && Response.ValueKind == JsonValueKind.String && Response.ValueEquals("reconnect"u8);

    /// <summary>Whether the server is stopping.</summary>
    public bool IsStopping => _root.TryGetProperty("stopping"u8, out JsonElement stopping) && stopping.ValueKind == JsonValueKind.True;

    /// <summary>Whether there is more to ask for, because the answer's size or the page's limit cut the list short.</summary>
    public bool HasMore => _root.TryGetProperty("more"u8, out JsonElement more) && more.ValueKind == JsonValueKind.True;

    /// <summary>The sequence assigned to a command, or the sequence of a list.</summary>
    public long? Id => _root.TryGetProperty("id"u8, out JsonElement id) && id.ValueKind == JsonValueKind.Number
        && id.TryGetInt64(out long value) ? value : null;

    /// <summary>The identity of the log; null if the answer does not contain it.</summary>
    public string? Epoch => Text("epoch"u8);

    /// <summary>Why the session ended; null if that is not known.</summary>
    public string? Reason => Text("reason"u8);

    /// <summary>
    /// What the user of an ended session was to be told: an administrator's notice that the client has not read. Null if there is none.
    /// </summary>
    public string? Explanation => Text("text"u8);

    /// <summary>The user id of the nick whose private messages were asked for; null if nobody has the nick.</summary>
    public string? WithId => Text("with_id"u8);

    /// <summary>Who is typing; null if the answer does not say, or not in a way that can be read.</summary>
    public CometTyping? Typing =>
        _root.TryGetProperty("typing"u8, out JsonElement typing) && typing.ValueKind == JsonValueKind.Object
            && typing.TryGetProperty("number"u8, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt64(out long value)
            && Text(typing, "nick"u8) is { } nick && Text(typing, "user_id"u8) is { } userId
            ? new CometTyping(
                value,
                Text(typing, "room"u8),
                nick,
                userId,
                typing.TryGetProperty("on"u8, out JsonElement on) && on.ValueKind == JsonValueKind.True)
            : null;

    /// <summary>When to try again; null if the answer does not say, or gives something that is not a time.</summary>
    public TimeSpan? RetryAfter =>
        _root.TryGetProperty("retry_after"u8, out JsonElement after) && after.ValueKind == JsonValueKind.Number
            && after.TryGetDouble(out double seconds) && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Parses an envelope.</summary>
    /// <exception cref="JsonException">It is not an envelope.</exception>
    public static CometAnswer Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        JsonElement root = JsonElement.ParseValue(ref reader);
        if (reader.Read())
            throw new JsonException("There is something after the envelope.");
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("status"u8, out JsonElement status) || status.ValueKind != JsonValueKind.String
            || !root.TryGetProperty("response"u8, out JsonElement response))
        {
            throw new JsonException("This is not the envelope of a comet answer.");
        }

        if (status.ValueEquals("ok"u8))
            return new CometAnswer(root, response, null);
        return status.ValueEquals("error"u8) && WellFormed(response) is { } error
            ? new CometAnswer(root, response, error)
            : throw new JsonException("The status of a comet answer is neither ok nor error.");
    }

    private string? Text(ReadOnlySpan<byte> name) => Text(_root, name);

    private static string? Text(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out JsonElement text) ? WellFormed(text) : null;

    /// <summary>
    /// The string; null for another kind of value, and for a string that is not well-formed text, which the parser only detects when the
    /// value is read.
    /// </summary>
    private static string? WellFormed(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
