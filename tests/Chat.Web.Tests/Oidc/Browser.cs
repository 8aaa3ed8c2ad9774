using System.Text.Json;

namespace ErlChat.Web.Tests.Oidc;

/// <summary>Keeps cookies and follows redirects, as a browser does, from the chat to the provider and back.</summary>
internal sealed class Browser(ChatServerHost server) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly List<HttpClient> _clients = [];

    /// <summary>Whether it follows redirects.</summary>
    internal bool Follows { get; init; } = true;

    internal HttpStatusCode Status { get; private set; }

    /// <summary>To where the last answer redirects; null if it does not.</summary>
    internal string? Location { get; private set; }

    /// <summary>The cookies that the last answer sets or removes.</summary>
    internal IReadOnlyList<string> Cookies { get; private set; } = [];

    /// <summary>The path and the port of the page that is shown.</summary>
    internal string Path { get; private set; } = "";

    internal int Port { get; private set; }

    /// <summary>Goes to an address. Returns the page that is shown in the end.</summary>
    internal Task<string> ShowAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path)));

    /// <summary>Chooses a nick on the page for newcomers.</summary>
    internal Task<string> ChooseAsync(string nick) => PostAsync("/login/oidc/nick/", ("nick", nick));

    /// <summary>Posts a form. Returns the page that is shown in the end.</summary>
    internal Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var url = new Uri(server.Address, path);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = CometClient.Form(fields) });
    }

    internal Task<JsonElement> MeAsync() => CallAsync("/chat/me/");

    /// <summary>The response of a call in this browser's session.</summary>
    internal async Task<JsonElement> CallAsync(string path)
    {
        using JsonDocument answer = JsonDocument.Parse(await ShowAsync(path));
        return answer.RootElement.GetProperty("response").Clone();
    }

    public void Dispose() => _clients.ForEach(static client => client.Dispose());

    private async Task<string> SendAsync(HttpRequestMessage request)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = Follows, UseProxy = false });
        _clients.Add(client);
        using (request)
        {
            using HttpResponseMessage answer = await client.SendAsync(request).WithinAsync(TimeSpan.FromSeconds(40));
            (Status, Location) = (answer.StatusCode, answer.Headers.Location?.OriginalString);
            Cookies = answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? [.. cookies] : [];
            (Path, Port) = (answer.RequestMessage!.RequestUri!.AbsolutePath, answer.RequestMessage.RequestUri.Port);
            return await answer.Content.ReadAsStringAsync().WithinAsync();
        }
    }
}
