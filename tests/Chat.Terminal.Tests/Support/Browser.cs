using System.Text.Json;

namespace ErlChat.Terminal.Tests;

/// <summary>Plays the browser in a chat, over plain HTTP and without the client library.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private long _cursor;

    private Browser(HttpClient http) => _http = http;

    internal List<string> Heard { get; } = [];

    internal static async Task<Browser> LoginAsync(Uri server, string nick)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        var browser = new Browser(http);
        (await http.PostAsync("/login/", new FormUrlEncodedContent([new("nick", nick)])).WithinAsync()).Dispose();
        return browser;
    }

    internal async Task SayAsync(string text, string? to = null, string? room = null)
    {
        var fields = new Dictionary<string, string> { ["msg"] = text };
        if (room is not null)
            fields["room"] = room;
        if (to is not null)
            fields["to"] = to;
        string answer =
            await (await _http.PostAsync("/chat/send_msg/", new FormUrlEncodedContent(fields)).WithinAsync()).Content.ReadAsStringAsync();
        Assert.StartsWith("{\"status\":\"ok\"", answer, StringComparison.Ordinal);
    }

    /// <summary>Polls until it receives a text.</summary>
    internal async Task HearAsync(string text)
    {
        while (!Heard.Contains(text))
        {
            using JsonDocument answer = JsonDocument.Parse(
                await _http.GetStringAsync($"/chat/wait/?msg_id={_cursor}").WithinAsync(TimeSpan.FromSeconds(20)));
            foreach (JsonElement item in answer.RootElement.GetProperty("response").EnumerateArray())
            {
                _cursor = item.GetProperty("id").GetInt64() + 1;
                if (item.GetProperty("d") is { ValueKind: JsonValueKind.Object } d && d.TryGetProperty("msg", out JsonElement msg))
                    Heard.Add(msg.GetString()!);
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
