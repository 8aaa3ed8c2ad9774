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

    internal static string OnlinePath(string room) => IsLobby(room) ? "chat/online/" : $"chat/online/?room={Uri.EscapeDataString(room)}";

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

    internal static IReadOnlyList<string> Strings(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];

    internal static IReadOnlyList<string> Strings(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement list) ? Strings(list) : [];

    internal static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    internal static double? Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetDouble(out double value) ? value : null;

    internal static bool IsLobby(string room) => string.Equals(room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase);
}
