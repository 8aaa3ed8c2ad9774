using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace ErlChat.Deploy;

/// <summary>
/// A client for the part of the comet wire that these tests need. It connects to every host at a port of 127.0.0.1, accepts the certificate
/// that these tests create, and keeps cookies as a browser does.
/// </summary>
internal sealed class Visitor : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly int _port;
    private readonly IPAddress _from;
    private readonly string _site;

    /// <param name="site">The base of its addresses, without a slash at the end: <c>https://chat.example/talk</c>.</param>
    /// <param name="port">The port of 127.0.0.1 on which the site is served.</param>
    /// <param name="version">The HTTP version. No other version is accepted.</param>
    /// <param name="from">The client's address. 127.0.0.1 by default.</param>
    internal Visitor(string site, int port, Version? version = null, string from = "127.0.0.1")
    {
        (_site, _port, _from) = (site, port, IPAddress.Parse(from));
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            CookieContainer = Cookies,
            ConnectCallback = async (_, cancelled) => new NetworkStream(await ConnectAsync(cancelled), ownsSocket: true),
        };
        _handler.SslOptions.RemoteCertificateValidationCallback =
            static (_, certificate, _, _) => certificate?.Subject == "CN=" + Proxies.Proxy.Host;
        _http = new HttpClient(_handler)
        {
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(90),
        };
    }

    internal string Site => _site;

    internal int Port => _port;

    internal CookieContainer Cookies { get; } = new();

    internal long Cursor { get; private set; }

    internal Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(_site + path));

    internal async Task<HttpResponseMessage> LoginAsync(string nick) =>
        await _http.PostAsync(new Uri(_site + "/login/"), new FormUrlEncodedContent([KeyValuePair.Create("nick", nick)]));

    /// <summary>Logs in and calls start.</summary>
    internal async Task EnterAsync(string nick)
    {
        using HttpResponseMessage login = await LoginAsync(nick);
        Assert.True(login.StatusCode == HttpStatusCode.Redirect, $"{login.StatusCode}: {await login.Content.ReadAsStringAsync()}");
        Cursor = (await AskAsync("/chat/start/?joins=all")).GetInt64();
    }

    internal async Task SayAsync(string text)
    {
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri(_site + "/chat/send_msg/"), new FormUrlEncodedContent([KeyValuePair.Create("msg", text)]));
        await OkAsync(answer);
    }

    /// <summary>One poll: its status, and its unparsed body.</summary>
    internal async Task<(HttpStatusCode Status, string Body)> PollAsync()
    {
        using HttpResponseMessage answer = await GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/chat/wait/?msg_id={Cursor}&joins=all"));
        string body = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, body);
    }

    /// <summary>Moves the cursor to the position after the items of a poll's answer. Returns whether there were any.</summary>
    internal bool HasHeard(string body)
    {
        using JsonDocument json = JsonDocument.Parse(body);
        JsonElement response = json.RootElement.GetProperty("response");
        if (response.ValueKind != JsonValueKind.Array || response.GetArrayLength() == 0)
            return false;
        Cursor = response.EnumerateArray().Max(item => item.GetProperty("id").GetInt64()) + 1;
        return true;
    }

    /// <summary>The texts of the lobby's history.</summary>
    internal async Task<string> HistoryAsync() => (await AskAsync("/chat/history/?room=lobby&limit=50")).GetRawText();

    /// <summary>Opens the WebSocket, says hello, and returns the answer.</summary>
    internal async Task<string> GreetAsync()
    {
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await socket.ConnectAsync(new Uri(string.Concat("ws", _site.AsSpan("http".Length), "/chat-server")), invoker, limit.Token);
        await socket.SendAsync(
            """{"record":"client_hello","protocol_version":"1.0"}"""u8.ToArray(),
            WebSocketMessageType.Text,
            endOfMessage: true,
            limit.Token);
        byte[] buffer = new byte[4096];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, limit.Token);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private async Task<JsonElement> AskAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        return await OkAsync(answer);
    }

    private static async Task<JsonElement> OkAsync(HttpResponseMessage answer)
    {
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {body}");
        using JsonDocument json = JsonDocument.Parse(body);
        Assert.True(json.RootElement.GetProperty("status").GetString() == "ok", body);
        return json.RootElement.GetProperty("response").Clone();
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancelled)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(_from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancelled);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
