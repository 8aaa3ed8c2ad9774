using System.Globalization;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The comet calls that change nothing, one try each, and the parsing of their answers.</summary>
internal static class WireCalls
{
    /// <summary>The largest page of history that the server returns.</summary>
    internal const int MaxPage = 200;

    internal static Task<CometAnswer> GetAsync(
        this CometHttp http,
        ClientSession session,
        string path,
        ChatClientOptions options,
        CancellationToken cancellationToken) =>
        http.AskAsync(path, session.Token, null, options.RequestTimeout, cancellationToken);

    /// <summary>The answer, unless it is a refusal.</summary>
    internal static CometAnswer OrThrow(this CometAnswer answer) =>
        answer.Error is null ? answer : throw new ChatRefusedException(ChatRefusals.Of(answer.Error), answer.Error, answer.RetryAfter);

    /// <summary>
    /// As in all calls that read here, <c>joins=all</c> tells the server that the client uses the lists' ids to skip joins and leaves it
    /// has already seen. The server then has nothing to remember.
    /// </summary>
    internal const string StartPath = "chat/start/?joins=all";

    /// <param name="room">The room.</param>
    /// <param name="seen">The node that answers must know everything below this id.</param>
    internal static string OnlinePath(string room, long seen = 0)
    {
        string path = IsLobby(room) ? "chat/online/?joins=all" : $"chat/online/?room={Uri.EscapeDataString(room)}";
        return seen > 0 ? string.Create(CultureInfo.InvariantCulture, $"{path}&seen={seen}") : path;
    }

    /// <inheritdoc cref="OnlinePath"/>
    internal static string MePath(long seen) => string.Create(CultureInfo.InvariantCulture, $"chat/me/?seen={seen}");

    internal static string HistoryPath(string room, long? before, int limit) =>
        PagePath($"room={Uri.EscapeDataString(room)}", before, limit);

    /// <summary>The private messages with all users; an older server returns none.</summary>
    internal static string PrivateHistoryPath(long? before, int limit) => PagePath("with=*", before, limit);

    /// <summary>The messages of a room that were changed after an id; without a room, the private messages.</summary>
    internal static string ChangesPath(string? room, long since)
    {
        string which = room is null ? "with=*" : $"room={Uri.EscapeDataString(room)}";
        return string.Create(CultureInfo.InvariantCulture, $"chat/changes/?{which}&since={since}&limit={MaxPage}");
    }

    /// <param name="cursor">The first id that is wanted.</param>
    /// <param name="epoch">The log that it belongs to; null if that is not known.</param>
    /// <param name="typing">The number of the last signal of typing, 0 for none; null if they are not wanted.</param>
    internal static string WaitPath(long cursor, string? epoch, long? typing)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"chat/wait/?msg_id={cursor}&joins=all");
        if (typing is not null)
            path = string.Create(CultureInfo.InvariantCulture, $"{path}&typing={typing}");
        return epoch is null ? path : $"{path}&epoch={Uri.EscapeDataString(epoch)}";
    }

    /// <summary>How many pages of one list are read. A server with more pages than that is repeating itself.</summary>
    internal const int MaxPages = 50;

    /// <summary>
    /// The paths that take a password. After too many tries they fail at once, because otherwise the caller would wait for a long time, and
    /// so would everything sent after it.
    /// </summary>
    internal const string AuthPath = "chat/auth/", RegisterPath = "chat/register/", PasswordPath = "chat/password/";

    internal static bool TakesPassword(string path) => path is AuthPath or RegisterPath or PasswordPath;

    internal static bool IsTrue(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    /// <summary>The users in a room. The first answer may contain only some of them. The others are requested page by page.</summary>
    internal static async Task<IReadOnlyList<string>> NicksAsync(CometAnswer first, string room, Func<string, Task<CometAnswer>> ask)
    {
        IReadOnlyList<string> page = Strings(first.Response);
        if (!first.HasMore)
            return page;
        var all = new List<string>(page);
        string after = "";
        for (int pages = 1; page.Count > 0; pages++)
        {
            after = Next(after, page[^1], pages, "chat/online/");
            CometAnswer next = await ask($"chat/online/?room={Uri.EscapeDataString(room)}&after={Uri.EscapeDataString(after)}")
                .ConfigureAwait(false);
            page = Strings(next.Response);
            all.AddRange(page);
            if (!next.HasMore)
                break;
        }

        return all;
    }

    /// <summary>The position after a page of a list.</summary>
    /// <exception cref="ServerFault">The list makes no progress or has no end.</exception>
    internal static string Next(string after, string last, int pages, string path) => last != after && pages < MaxPages
        ? last
        : throw new ServerFault($"{path} is answered with an endless series of pages.", mayHaveHappened: false) { IsForeign = true };

    internal static IReadOnlyList<string> Strings(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(WellFormed).OfType<string>()]
            : [];

    internal static IReadOnlyList<string> Strings(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement list) ? Strings(list) : [];

    /// <summary>The items of a list; none if the property is missing or something else.</summary>
    internal static IReadOnlyList<T> List<T>(JsonElement owner, string name, Func<JsonElement, T> read) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(read)]
            : [];

    /// <summary>The titles of the rooms in an answer of <c>/chat/me/</c>, by address.</summary>
    internal static IReadOnlyDictionary<string, string> Titles(JsonElement me)
    {
        var titles = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (me.ValueKind != JsonValueKind.Object || !me.TryGetProperty("titles", out JsonElement found))
            return titles;
        foreach (string room in Strings(me, "rooms").Concat(Strings(me, "invitations")))
        {
            if (Text(found, room) is { Length: > 0 } title)
                titles[room] = title;
        }

        return titles;
    }

    /// <summary>What people call a room; null if the answer does not say, because it was not renamed.</summary>
    internal static string? Title(JsonElement room) => Text(room, "title") is { Length: > 0 } title ? title : null;

    internal static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement text) ? WellFormed(text) ?? "" : "";

    /// <summary>A point in time; the default if there is none.</summary>
    internal static DateTimeOffset Time(JsonElement owner, string name) =>
        DateTimeOffset.TryParse(
            Text(owner, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : default;

    /// <summary>The secret in a link, which stands behind a mark such as <c>token=</c>. A text without the mark is the secret.</summary>
    internal static string SecretOf(string link, string mark)
    {
        int at = link.LastIndexOf(mark, StringComparison.Ordinal);
        string secret = at < 0 ? link : link[(at + mark.Length)..];
        return secret.Split('&', '#')[0].Trim();
    }

    internal static double? Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement number)
            && number.ValueKind == JsonValueKind.Number
            && number.TryGetDouble(out double value) ? value : null;

    private static string PagePath(string which, long? before, int limit)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"chat/history/?{which}&limit={limit}");
        return before is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}&before={before}");
    }

    /// <summary>The string; null for another kind of value, and for a string that is not well-formed text.</summary>
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

    internal static bool IsLobby(string room) => string.Equals(room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase);
}
