using System.Net;
using System.Text.Json;
using ErlChat.Testing;

namespace ErlChat.EndToEnd;

/// <summary>
/// The script of the original erl_chat page. It follows its own rules (docs/comet.md, clause 17), not ours: start, then online, then wait
/// for ever. It repeats a call later when the answer is empty or not 2xx. A leave of a user who is not on its list is a script error that
/// ends the polling for good, and so does every error in an answer.
/// </summary>
internal sealed class OriginalClient : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<string> _list = [];
    private readonly List<string> _shown = [];
    private Task _polling = Task.CompletedTask;
    private long _msgId;

    private OriginalClient(string address, string cookie)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        _http.DefaultRequestHeaders.Add("Cookie", cookie);
    }

    /// <summary>Why the polling ended. Null while it continues.</summary>
    internal string? Died { get; private set; }

    /// <summary>The list of nicks as the page shows it. A user listed twice would be in it twice.</summary>
    internal IReadOnlyList<string> List => Copy(_list);

    /// <summary>The lines of the page, in the order they were inserted.</summary>
    internal IReadOnlyList<string> Shown => Copy(_shown);

    internal static async Task<OriginalClient> LogInAsync(string address, string nick)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([new("nick", nick)]);
        using HttpResponseMessage login = await http.PostAsync(new Uri(address + "/login/"), form).WithinAsync();
        Assert.Equal(HttpStatusCode.Redirect, login.StatusCode);
        Assert.Equal("/chat/", login.Headers.Location?.OriginalString);
        var client = new OriginalClient(address, login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.Contains(
            "<form", await client._http.GetStringAsync(new Uri("/chat/", UriKind.Relative)).WithinAsync(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>What the page does when it is loaded. <paramref name="between"/> runs between its first two calls.</summary>
    internal async Task LoadAsync(Func<Task>? between = null)
    {
        _msgId = (await CallAsync("/chat/start/"))!.Value.GetInt64();
        if (between is not null)
            await between();
        JsonElement online = (await CallAsync("/chat/online/"))!.Value;
        lock (_gate)
            _list.AddRange(online.EnumerateArray().Select(nick => nick.GetString()!));
        _polling = PollAsync();
    }

    internal async Task SayAsync(string text)
    {
        using var form = new FormUrlEncodedContent([new("msg", text), new("_", "")]);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("/chat/send_msg/", UriKind.Relative), form).WithinAsync();
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>The "log out" link: a GET.</summary>
    internal async Task LogOutAsync() => await CallAsync("/chat/leave/");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling.WithinAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private string[] Copy(List<string> list)
    {
        lock (_gate)
            return [.. list];
    }

    private async Task PollAsync()
    {
        try
        {
            while (Died is null)
            {
                if (await CallAsync($"/chat/wait/?msg_id={_msgId}") is not { } answer)
                    await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, _stop.Token);
                else if (answer.ValueKind == JsonValueKind.Array)
                    Insert(answer);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }

    private void Insert(JsonElement items)
    {
        lock (_gate)
        {
            foreach (JsonElement item in items.EnumerateArray())
            {
                _msgId = Math.Max(_msgId, item.GetProperty("id").GetInt64() + 1);
                JsonElement d = item.GetProperty("d");
                switch (item.GetProperty("t").GetString())
                {
                    case "user_joined_room":
                        _list.Add(d.GetString()!);
                        break;
                    case "user_left_room":
                        if (!_list.Remove(d.GetProperty("nick").GetString()!))
                            Died = $"a leave of {d} who is not on the list";
                        _shown.Add($"{d.GetProperty("nick").GetString()} left: {d.GetProperty("reason").GetString()}");
                        break;
                    case "chat_msg" or "sent_chat_msg":
                        _shown.Add($"{d.GetProperty("nick").GetString()}: {d.GetProperty("msg").GetString()}");
                        break;
                    case "system_msg":
                        // The page inserts it as HTML.
                        _shown.Add($"html {d.GetString()}");
                        break;
                    case "admin_logged_in" or "admin_logged_out":
                        _shown.Add($"admin {d.GetString()}");
                        break;
                }
            }
        }
    }

    /// <summary>
    /// The response in the envelope; after an error, which ends the polling, its name. Null if the original ignores the answer.
    /// </summary>
    private async Task<JsonElement?> CallAsync(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative), _stop.Token);
        string body = await answer.Content.ReadAsStringAsync(_stop.Token);
        if (!answer.IsSuccessStatusCode || body.Length == 0)
            return null;
        using var json = JsonDocument.Parse(body);
        JsonElement response = json.RootElement.GetProperty("response");
        if (json.RootElement.GetProperty("status").GetString() == "error")
            Died = response.GetString();
        return response.Clone();
    }
}
