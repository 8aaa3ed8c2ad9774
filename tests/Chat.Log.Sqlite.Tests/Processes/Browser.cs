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

    internal async Task LoginAsync(string nick)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "login/", [new("nick", nick)], CancellationToken.None);
        _cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Cursor = (await GetAsync("chat/start/")).GetProperty("response").GetInt64();
    }

    /// <summary>An envelope.</summary>
    internal async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    internal async Task<JsonElement> SayAsync(string text, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "chat/send_msg/", [new("msg", text), new("key", text[..Math.Min(text.Length, 64)])], cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>Edits a message.</summary>
    internal async Task<JsonElement> EditAsync(long id, string text, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "chat/edit_msg/", [new("id", $"{id}"), new("msg", text), new("key", text)], cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>Reacts to a message.</summary>
    internal async Task<JsonElement> ReactAsync(long id, string emoji, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "chat/react/", [new("id", $"{id}"), new("emoji", emoji), new("key", emoji)], cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>One poll: the messages in it, and the cursor behind them. Nothing after a reconnect.</summary>
    internal async Task<List<(long Id, string Text)>> PollAsync(CancellationToken cancellationToken = default)
    {
        JsonElement envelope = await GetAsync($"chat/wait/?msg_id={Cursor}", cancellationToken);
        Assert.Equal("ok", envelope.GetProperty("status").GetString());
        var messages = new List<(long, string)>();
        if (envelope.GetProperty("response").ValueKind == JsonValueKind.String)
            return messages;
        foreach (JsonElement item in envelope.GetProperty("response").EnumerateArray())
        {
            Cursor = item.GetProperty("id").GetInt64() + 1;
            if (item.GetProperty("t").GetString() is "chat_msg" or "sent_chat_msg")
                messages.Add((Cursor - 1, item.GetProperty("d").GetProperty("msg").GetString()!));
        }

        return messages;
    }

    /// <summary>The lobby's whole history, oldest first.</summary>
    internal async Task<List<(long Id, string Text)>> HistoryAsync()
    {
        var all = new List<(long Id, string Text)>();
        for (long before = long.MaxValue; ;)
        {
            JsonElement page = (await GetAsync($"chat/history/?limit=200&before={before}")).GetProperty("response");
            if (page.GetArrayLength() == 0)
                return all;
            all.InsertRange(0, page.EnumerateArray().Select(
                item => (item.GetProperty("id").GetInt64(), item.GetProperty("d").GetProperty("msg").GetString()!)));
            before = all[0].Id;
        }
    }

    internal async Task<int> StatusAsync(string path)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, CancellationToken.None);
        return (int)response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

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
