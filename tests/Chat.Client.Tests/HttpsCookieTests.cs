namespace ErlChat.Client.Tests;

/// <summary>
/// Over https the server's cookie has another name. A browser handles that automatically, the client has to do so itself.
/// </summary>
public class HttpsCookieTests
{
    [Fact]
    public async Task A_client_uses_the_https_cookie_over_https()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:TrustedProxies=127.0.0.1");
        using var proxy = new TlsProxy(server.Address);
        await using ChatClient alice =
            await ChatClient.LoginAsync(new Uri("https://chat.example"), "alice", Quick.Options with { Handler = proxy }).WithinAsync();
        Assert.NotNull(await alice.SayAsync("hello").WithinAsync());
        Assert.StartsWith("__Host-chat_sess=", Assert.Single(proxy.Cookies), StringComparison.Ordinal);
        Assert.Equal(1, server.Room.SessionCount);
        await alice.LeaveAsync().WithinAsync();
        Assert.Equal(0, server.Room.SessionCount);
    }

    /// <summary>Does what a proxy that terminates TLS does, without the TLS.</summary>
    private sealed class TlsProxy(Uri server) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        internal List<string> Cookies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https", request.RequestUri!.Scheme);
            request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
            request.Headers.Add("X-Forwarded-Proto", "https");
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri.AbsolutePath == "/login/")
                Cookies.AddRange(response.Headers.GetValues("Set-Cookie"));
            return response;
        }
    }
}
