using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>
/// The complete visit (log in, talk, a restart of the server, no network for a while, log out) over the routes that people really use. On
/// localhost a browser sends everything that it sends over https. On a name or an address without https it does not, and previously nobody
/// could log in there.
/// </summary>
public sealed class WaysTests(Browser browser, ITestOutputHelper output)
{
    [Fact]
    public async Task A_visit_by_a_name_without_https_works()
    {
        using var log = new TemporaryLog();
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        string address = $"http://{Browser.Name}:{new Uri(site.Address).Port}";
        await VisitAsync(site, log, address);
        AssertFormTellsItsOrigin(site, address, fetchMetadata: false);

        // The only header that the browser sends with its polls is the Referer, which is enough for the fast lane.
        Assert.Empty(site.Requests.Of("/chat/wait/"));
    }

    [Fact]
    public async Task A_visit_by_an_address_that_is_not_loopback_works()
    {
        await using NonLoopback machine = await NonLoopback.FindAsync();
        Assert.SkipWhen(machine.Address is null, machine.Why);
        output.WriteLine(machine.Why);
        using var log = new TemporaryLog();
        await using ChatSite site = await ChatSite.ListenAsync($"http://{machine.Address}:0", [.. log.Options]);
        await VisitAsync(site, log, site.Address);
        AssertFormTellsItsOrigin(site, site.Address, fetchMetadata: false);
    }

    [Fact]
    public async Task A_visit_through_nginx_works()
    {
        using var log = new TemporaryLog("--Chat:TrustedProxies=127.0.0.1");
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        await using Nginx nginx = await Nginx.StartAsync(new Uri(site.Address));
        string address = $"http://{Browser.Name}:{nginx.Port}";
        await VisitAsync(site, log, address);
        AssertFormTellsItsOrigin(site, address, fetchMetadata: false);
    }

    /// <summary>
    /// Previously, pages, files, calls and the log-out used the root of the host, which does not belong to the chat there.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_visit_below_a_path_through_nginx_works(bool strips)
    {
        using var log = new TemporaryLog("--Chat:TrustedProxies=127.0.0.1", "--Chat:PathBase=/talk");
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        await using Nginx nginx = await Nginx.StartBelowAsync(new Uri(site.Address), strips);
        await VisitAsync(site, log, $"http://{Browser.Name}:{nginx.Port}/talk", meanwhile: async alice =>
        {
            Assert.EndsWith("/talk/chat/", alice.Page.Url, StringComparison.Ordinal);
            string greeting = await alice.Page.EvaluateAsync<string>("""
                () => new Promise((resolve, reject) => {
                  const socket = new WebSocket(`ws://${location.host}/talk/chat-server`);
                  socket.onopen = () => socket.send('{"record":"client_hello","protocol_version":"1.0"}');
                  socket.onmessage = (event) => { resolve(event.data); socket.close(); };
                  socket.onerror = () => reject(new Error("no WebSocket"));
                })
                """);
            Assert.Contains("server_hello", greeting, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_visit_over_https_with_HTTP_2_works()
    {
        using var certificate = new TestCertificate(Browser.Name);
        using var log = new TemporaryLog([.. certificate.Options]);
        await using ChatSite site = await ChatSite.ListenAsync("https://127.0.0.1:0", [.. log.Options]);
        string address = $"https://{Browser.Name}:{new Uri(site.Address).Port}";
        await VisitAsync(site, log, address, "__Host-chat_sess", async alice =>
        {
            // The other wire: a WebSocket within the same connection (RFC 8441).
            string greeting = await alice.Page.EvaluateAsync<string>("""
                () => new Promise((resolve, reject) => {
                  const socket = new WebSocket(`wss://${location.host}/chat-server`);
                  socket.onopen = () => socket.send('{"record":"client_hello","protocol_version":"1.0"}');
                  socket.onmessage = (event) => { resolve(event.data); socket.close(); };
                  socket.onerror = () => reject(new Error("no WebSocket"));
                })
                """);
            Assert.Contains("server_hello", greeting, StringComparison.Ordinal);
        });
        AssertFormTellsItsOrigin(site, address, fetchMetadata: true);
        Assert.NotEmpty(site.Requests.Of("/chat/wait/"));
        Assert.All(site.Requests.Of("/chat/wait/"), poll => Assert.Equal("HTTP/2", poll.Protocol));
        Assert.Equal(("CONNECT", "HTTP/2"), site.Requests.Of("/chat-server").Select(socket => (socket.Method, socket.Protocol)).Single());
    }

    /// <summary>
    /// What the origin check relies on: the page's own form says where it comes from, and over https the browser says more.
    /// </summary>
    private static void AssertFormTellsItsOrigin(ChatSite site, string address, bool fetchMetadata)
    {
        LoggedRequest login = Assert.Single(site.Requests.Of("/login/"));
        Assert.Equal(address, login["Origin"]);
        Assert.Equal(fetchMetadata ? "same-origin" : null, login["Sec-Fetch-Site"]);
    }

    private async Task VisitAsync(
        ChatSite site, TemporaryLog log, string address, string cookie = "chat_sess", Func<ChatPage, Task>? meanwhile = null)
    {
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, address);
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Equal([cookie], await person.CookiesAsync());
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("hello alice");
        await alice.SeesAsync("hello alice");
        await alice.SayAsync("hello guest");
        await Expect(alice.Page.Locator("#lines .own .text")).ToHaveTextAsync("hello guest");
        if (meanwhile is not null)
            await meanwhile(alice);

        await site.StopAsync();
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "retrying");
        await alice.SayAsync("while it was away");
        await site.StartAgainAsync([.. log.Options]);
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);

        await person.SetOfflineAsync(true);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "offline");
        Visitor later = await Visitor.JoinAsync(site, "later");
        await later.SayAsync("while she was away");
        await person.SetOfflineAsync(false);
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await alice.SeesAsync("while she was away");
        Assert.Equal(["hello alice", "hello guest", "while it was away", "while she was away"], await alice.TextsAsync());

        await alice.Page.ClickAsync("#logout");
        await Expect(alice.Page.Locator("form#login")).ToBeVisibleAsync();
        Assert.Equal(address + "/", alice.Page.Url);
        Assert.Empty(await person.CookiesAsync());
        Assert.Empty(alice.Complaints);
    }
}
