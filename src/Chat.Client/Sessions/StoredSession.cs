using System.Text.Json;
using System.Text.Json.Serialization;

namespace ErlChat.Client;

/// <summary>
/// A session that outlives the program: what a client needs to come back as the same user, and to read on where it stopped
/// (<see cref="ChatClient.ResumeAsync"/>). Immutable. Whoever has the token is the user, so store it where nobody else can read it
/// (<see cref="SessionFile"/>).
/// </summary>
public sealed class StoredSession
{
    private const int Version = 1;

    /// <summary>The servers' addresses. Either all use https or none does.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The nick, as the server spells it.</summary>
    public required string Nick { get; init; }

    /// <summary>The session's secret.</summary>
    public required string Token { get; init; }

    /// <summary>The first id that has not been read.</summary>
    public required long Cursor { get; init; }

    /// <summary>The log that the cursor belongs to; null if the server did not say.</summary>
    public string? Epoch { get; init; }

    /// <summary>The session as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Content(Version, [.. Servers.Select(server => server.OriginalString)], Nick, Token, Cursor, Epoch),
        ContentJson.Default.Content);

    /// <summary>Reads what <see cref="ToJson"/> has written.</summary>
    /// <exception cref="FormatException">It is something else, or has been written by a version newer than this one.</exception>
    public static StoredSession Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            if (JsonSerializer.Deserialize(json, ContentJson.Default.Content) is { Version: Version, Servers.Length: > 0 } content
                && content is { Nick: not null, Token.Length: > 0, Cursor: >= 0 }
                && content.Token.All(IsTokenLetter))
            {
                return new StoredSession
                {
                    Servers = [.. content.Servers.Select(server => new Uri(server))],
                    Nick = content.Nick,
                    Token = content.Token,
                    Cursor = content.Cursor,
                    Epoch = content.Epoch,
                };
            }
        }
        catch (Exception e) when (e is JsonException or UriFormatException or ArgumentNullException)
        {
            throw new FormatException("This is not a stored session.", e);
        }

        throw new FormatException("This is not a stored session.");
    }

    /// <summary>Whether a token may have this. Others could change the request's headers.</summary>
    private static bool IsTokenLetter(char c) => c is > ' ' and < (char)0x7F and not (';' or ',' or '"' or '\\');

    internal sealed record Content(int Version, string[] Servers, string Nick, string Token, long Cursor, string? Epoch);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredSession.Content))]
internal sealed partial class ContentJson : JsonSerializerContext;
