using System.Globalization;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls of the comet wire that only look, one try each, with their answers taken apart.</summary>
internal static class WireCalls
{
    /// <summary>The largest page of history that the server gives.</summary>
    internal const int MaxPage = 200;

    internal static Task<CometAnswer> GetAsync(this CometHttp http, ClientSession session, string path, ChatClientOptions options, CancellationToken cancellationToken) =>
        http.AskAsync(path, session.Token, null, options.RequestTimeout, cancellationToken);

    /// <summary>The answer, unless it is a refusal.</summary>
    internal static CometAnswer OrThrow(this CometAnswer answer) =>
        answer.Error is null ? answer : throw new ChatRefusedException(ChatRefusals.Of(answer.Error), answer.Error, answer.RetryAfter);

    /// <summary>As all calls that read here, it says that joins and leaves are sorted out by the lists' ids: the server then has nothing
    /// to remember.</summary>
    internal const string StartPath = "chat/start/?joins=all";

    internal static string OnlinePath(string room) => IsLobby(room) ? "chat/online/?joins=all" : $"chat/online/?room={Uri.EscapeDataString(room)}";

    internal static string HistoryPath(string room, long? before, int limit)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"chat/history/?room={Uri.EscapeDataString(room)}&limit={limit}");
        return before is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}&before={before}");
    }

    /// <summary>The session's private messages, whoever wrote them; an older server answers with none.</summary>
    internal static string PrivateHistoryPath(long before, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"chat/history/?with=*&limit={limit}&before={before}");

    internal static string WaitPath(long cursor, string? epoch)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"chat/wait/?msg_id={cursor}&joins=all");
        return epoch is null ? path : $"{path}&epoch={Uri.EscapeDataString(epoch)}";
    }

    /// <summary>Pages of one list that are read; a server that has more to say than that goes round in circles.</summary>
    internal const int MaxPages = 50;

    /// <summary>Where the administrators' password goes. Too many tries are told to whoever tries, who would wait at length otherwise, and
    /// all that is sent behind it too.</summary>
    internal const string AuthPath = "chat/auth/";

    /// <summary>The people of a room, of whom a first answer may have only some: the others are asked for, page by page, as long as the server answers.</summary>
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
            CometAnswer next = await ask($"chat/online/?room={Uri.EscapeDataString(room)}&after={Uri.EscapeDataString(after)}").ConfigureAwait(false);
            page = Strings(next.Response);
            all.AddRange(page);
            if (!next.HasMore)
                break;
        }

        return all;
    }

    /// <summary>The place behind a page of a list.</summary>
    /// <exception cref="ServerFault">The list does not move on, or has no end.</exception>
    internal static string Next(string after, string last, int pages, string path) => last != after && pages < MaxPages
        ? last
        : throw new ServerFault($"{path} is answered with an endless series of pages.", mayHaveHappened: false) { IsForeign = true };

    internal static IReadOnlyList<string> Strings(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(WellFormed).OfType<string>()]
            : [];

    internal static IReadOnlyList<string> Strings(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement list) ? Strings(list) : [];

    internal static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement text) ? WellFormed(text) ?? "" : "";

    internal static double? Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetDouble(out double value) ? value : null;

    /// <summary>The string; null for another value, and for a string that is no well-formed text.</summary>
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
