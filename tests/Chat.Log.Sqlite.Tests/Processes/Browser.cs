using System.Net.Http.Json;
using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>
/// Behaves like a browser: logs in, says things and polls from its own msg_id. It keeps its cookie when the server is replaced by another
/// process.
/// </summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private string _cookie = "";

    internal Browser(Uri address) =>
        (Address, _http) = (address, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));

    /// <summary>Where the server is now.</summary>
    internal Uri Address { get; set; }

    /// <summary>The first id not read yet.</summary>
    internal long Cursor { get; set; }

    /// <param name="isNewer">Whether it is going to poll with <see cref="PollItemsAsync"/>.</param>
    internal async Task LoginAsync(string nick, bool isNewer = false)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "login/", [new("nick", nick)], CancellationToken.None);
        _cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Cursor = (await GetAsync("chat/start/" + (isNewer ? "?joins=all" : ""))).GetProperty("response").GetInt64();
    }

    /// <summary>An envelope.</summary>
    internal async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    internal Task<JsonElement> SayAsync(string text, CancellationToken cancellationToken = default) =>
        PostAsync("chat/send_msg/", [new("msg", text), new("key", text[..Math.Min(text.Length, 64)])], cancellationToken);

    internal Task<JsonElement> EditAsync(long id, string text) =>
        PostAsync("chat/edit_msg/", [new("id", $"{id}"), new("msg", text), new("key", text)]);

    internal Task<JsonElement> DeleteAsync(long id) => PostAsync("chat/delete_msg/", [new("id", $"{id}"), new("key", $"delete {id}")]);

    /// <param name="key">One for each time that this browser changes its reaction.</param>
    internal Task<JsonElement> ReactAsync(long id, string emoji, bool on = true, string key = "react") =>
        PostAsync("chat/react/", [new("id", $"{id}"), new("emoji", emoji), new("on", on ? "1" : "0"), new("key", key)]);

    /// <summary>One poll, as a client of 2009 does it: the messages in it, and the cursor behind them. Nothing after a reconnect.</summary>
    internal async Task<List<(long Id, string Text)>> PollAsync(CancellationToken cancellationToken = default) =>
    [
        .. (await PollAsync("", cancellationToken))
            .Where(item => item.GetProperty("t").GetString() is "chat_msg" or "sent_chat_msg")
            .Select(IdAndText),
    ];

    /// <summary>The same for a newer client: all items, also edits, removals and reactions.</summary>
    internal Task<List<JsonElement>> PollItemsAsync(CancellationToken cancellationToken = default) =>
        PollAsync("&joins=all", cancellationToken);

    /// <summary>The lobby's whole history, oldest first.</summary>
    internal async Task<List<(long Id, string Text)>> HistoryAsync() => [.. (await HistoryItemsAsync()).Select(IdAndText)];

    /// <inheritdoc cref="HistoryAsync"/>
    internal async Task<List<JsonElement>> HistoryItemsAsync()
    {
        var all = new List<JsonElement>();
        for (long before = long.MaxValue; ;)
        {
            JsonElement page = (await GetAsync($"chat/history/?limit=200&before={before}")).GetProperty("response");
            if (page.GetArrayLength() == 0)
                return all;
            all.InsertRange(0, page.EnumerateArray());
            before = all[0].GetProperty("id").GetInt64();
        }
    }

    internal async Task<int> StatusAsync(string path)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, CancellationToken.None);
        return (int)response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private static (long Id, string Text) IdAndText(JsonElement item) =>
        (item.GetProperty("id").GetInt64(), item.GetProperty("d").GetProperty("msg").GetString()!);

    private async Task<List<JsonElement>> PollAsync(string more, CancellationToken cancellationToken)
    {
        JsonElement envelope = await GetAsync($"chat/wait/?msg_id={Cursor}{more}", cancellationToken);
        Assert.Equal("ok", envelope.GetProperty("status").GetString());
        if (envelope.GetProperty("response").ValueKind == JsonValueKind.String)
            return [];
        List<JsonElement> items = [.. envelope.GetProperty("response").EnumerateArray()];
        if (items.Count > 0)
            Cursor = items[^1].GetProperty("id").GetInt64() + 1;
        return items;
    }

    private async Task<JsonElement> PostAsync(
        string path, KeyValuePair<string, string>[] form, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, form, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, KeyValuePair<string, string>[]? form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (_cookie.Length > 0)
            request.Headers.Add("Cookie", _cookie);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        return await _http.SendAsync(request, cancellationToken);
    }
}
