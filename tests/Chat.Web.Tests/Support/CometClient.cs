using System.Globalization;
using System.Text;

namespace ErlChat.Web.Tests;

/// <summary>
/// A client of the comet wire that handles its cookie itself, and returns everything the server says. Every call has a deadline.
/// </summary>
internal sealed class CometClient(HttpClient http, string nick)
{
    internal string Nick { get; } = nick;

    /// <summary>The session's token. Null when there is none.</summary>
    internal string? Token { get; set; }

    /// <summary>The first id that has not been read yet.</summary>
    internal long Cursor { get; set; }

    internal string? Epoch { get; private set; }

    /// <summary>Whether it keeps its token when it logs in, as the page does.</summary>
    internal bool Keeps { get; init; }

    /// <summary>Another tab of the same browser.</summary>
    internal CometClient Tab() => new(http, Nick) { Token = Token, Cursor = Cursor, Epoch = Epoch };

    internal async Task<CometAnswer> LoginAsync(string? name = null, params (string Name, string Value)[] headers)
    {
        (string, string) nick = ("nick", name ?? Nick);
        CometAnswer answer = await RequestAsync(HttpMethod.Post, "/login/", Keeps ? Form(nick, ("keep", "1")) : Form(nick), headers);
        if (answer.Token is { Length: > 0 } token)
            Token = token;
        return answer;
    }

    internal async Task<CometAnswer> StartAsync()
    {
        CometAnswer answer = await GetAsync("/chat/start/");
        if (answer.IsOk)
            (Cursor, Epoch) = (answer.Response.GetInt64(), answer.Json.GetProperty("epoch").GetString());
        return answer;
    }

    internal async Task<string[]> OnlineAsync(string? room = null)
    {
        CometAnswer answer = await GetAsync("/chat/online/" + (room is null ? "" : "?room=" + Uri.EscapeDataString(room)));
        return answer.IsOk
            ? [.. answer.Response.EnumerateArray().Select(one => one.GetString()!)]
            : throw new InvalidOperationException(answer.Body);
    }

    internal Task<CometAnswer> SendAsync(string text, string? room = null, string? to = null, string? key = null)
    {
        List<(string, string)> fields = [("msg", text)];
        if (room is not null)
            fields.Add(("room", room));
        if (to is not null)
            fields.Add(("to", to));
        if (key is not null)
            fields.Add(("key", key));
        return PostAsync("/chat/send_msg/", [.. fields]);
    }

    /// <summary>One poll from <see cref="Cursor"/>. The cursor moves to the position after what was read.</summary>
    internal async Task<CometAnswer> WaitAsync(string? query = null, TimeSpan? limit = null)
    {
        CometAnswer answer = await GetAsync("/chat/wait/" + (query ?? "?msg_id=" + Cursor.ToString(CultureInfo.InvariantCulture)), limit);
        if (query is null && answer.Items is [.., var last])
            Cursor = last.Id + 1;
        return answer;
    }

    /// <summary>The items of the next poll. Fails when the answer is not items.</summary>
    internal async Task<IReadOnlyList<CometItemView>> ReadAsync()
    {
        CometAnswer answer = await WaitAsync();
        return answer.Items ?? throw new InvalidOperationException($"{Nick} wanted items and got {answer.Status} {answer.Body}");
    }

    /// <summary>Polls until the awaited item arrives. Returns everything that was read.</summary>
    internal async Task<IReadOnlyList<CometItemView>> ReadUntilAsync(Func<CometItemView, bool> last)
    {
        var all = new List<CometItemView>();
        while (!all.Any(last))
            all.AddRange(await ReadAsync());
        return all;
    }

    /// <summary>Sends a text. Returns the server's reply to it.</summary>
    internal async Task<string> AskAsync(string text, string? room = null)
    {
        Assert.True((await SendAsync(text, room)).IsOk);
        return (await ReadUntilAsync(item => item.Type == "system_msg")).Last(item => item.Type == "system_msg").Text;
    }

    internal Task<CometAnswer> LeaveAsync() => PostAsync("/chat/leave/");

    internal Task<CometAnswer> GetAsync(string path, TimeSpan? limit = null, params (string Name, string Value)[] headers) =>
        RequestAsync(HttpMethod.Get, path, null, headers, limit);

    internal Task<CometAnswer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        RequestAsync(HttpMethod.Post, path, Form(fields), []);

    internal Task<CometAnswer> PostRawAsync(
        string path, byte[] body, string? type = "application/x-www-form-urlencoded", params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return RequestAsync(HttpMethod.Post, path, content, headers);
    }

    internal async Task<CometAnswer> RequestAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        (string Name, string Value)[] headers,
        TimeSpan? limit = null,
        CancellationToken cancelled = default)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (Token is not null && !headers.Any(header => header.Name == "Cookie"))
            request.Headers.TryAddWithoutValidation("Cookie", $"chat_sess={Token}");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await http.SendAsync(request, cancelled).WithinAsync(limit, $"{method} {path}");
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancelled).WithinAsync();
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
            all[name] = string.Join("\n", values);
        return new CometAnswer(response.StatusCode, all, Encoding.UTF8.GetString(body));
    }

    internal static ByteArrayContent Form(params (string Name, string Value)[] fields)
    {
        string body = string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
        return content;
    }
}
