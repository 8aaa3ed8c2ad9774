using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>
/// What pages on other sites can do to a user who is in the chat by a name without https, where browsers disclose least about the sender of
/// a request.
/// </summary>
public sealed class NeighbourTests(Browser browser)
{
    /// <summary>
    /// Previously, a picture with the address of the log-out, on any page on another port of the same host, logged the user out.
    /// </summary>
    [Theory]
    [InlineData("no-referrer")]
    [InlineData("unsafe-url")]
    public async Task Pictures_scripts_and_polls_of_a_neighbour_change_nothing(string referrerPolicy)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        string address = $"http://{Browser.Name}:{new Uri(site.Address).Port}";
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.OpenLoginAsync(person, address);
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await using Neighbour neighbour = await Neighbour.StartAsync(
            $"""
            <img src="{address}/chat/leave/"><script src="{address}/chat/leave/?x"></script><iframe src="{address}/chat/leave/?y"></iframe>
            <img src="{address}/chat/wait/?msg_id=1"><img src="{address}/chat/wait/?msg_id=2">
            <img src="{address}/chat/wait/?msg_id=3"><img src="{address}/chat/wait/?msg_id=4">
            <a href="{address}/chat/leave/">a link</a>
            """,
            referrerPolicy);
        IPage elsewhere = await person.NewPageAsync();
        await elsewhere.GotoAsync(neighbour.Address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });

        // The requests did arrive, and with the cookie.
        Assert.Equal(3, site.Requests.Of("/chat/leave/").Count);
        Assert.All(site.Requests.Of("/chat/leave/"), request => Assert.Contains("chat_sess=", request["Cookie"], StringComparison.Ordinal));
        Assert.Equal(4, site.Requests.Of("/chat/wait/").Count);
        await alice.SayAsync("still here");
        await alice.SeesAsync("still here");

        // Following a link shows why it has no effect.
        await elsewhere.ClickAsync("a");
        await Expect(elsewhere.Locator("p.error")).ToContainTextAsync("so nothing was done");
        await Expect(elsewhere.Locator("main")).ToHaveCSSAsync("max-width", "384px");
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await elsewhere.ClickAsync("main a");
        await Expect(elsewhere.Locator("form#login")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("no-referrer", "Referrer-Policy")]
    [InlineData("unsafe-url", "Chat:AllowedOrigins=http://chat.lan:")]
    public async Task A_neighbours_form_gets_a_page_that_explains_the_refusal(string referrerPolicy, string advice)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        string address = $"http://{Browser.Name}:{new Uri(site.Address).Port}";
        await using Neighbour neighbour = await Neighbour.StartAsync(
            $"""<form method="post" action="{address}/login/"><input name="nick" value="alice"><button>go</button></form>""",
            referrerPolicy);
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-AT" });
        IPage elsewhere = await person.NewPageAsync();
        await elsewhere.GotoAsync(neighbour.Address);
        await elsewhere.ClickAsync("button");
        await Expect(elsewhere.Locator("p.error")).ToContainTextAsync("deshalb ist nichts geschehen");
        await Expect(elsewhere.Locator("main")).ToContainTextAsync(advice);
        await elsewhere.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Browser.Pictures, $"refused-{referrerPolicy}.png") });
        Assert.Empty(await person.CookiesAsync());
    }

    /// <summary>An allowed page on the same site logs in, sends and polls, and the browser lets it read the answers.</summary>
    [Fact]
    public async Task An_allowed_neighbour_talks_in_the_chat()
    {
        await using Neighbour neighbour = await Neighbour.StartAsync("<p>another client</p>");
        await using ChatSite site = await ChatSite.StartAsync($"--Chat:AllowedOrigins={neighbour.Address}");
        string address = $"http://{Browser.Name}:{new Uri(site.Address).Port}";
        await using Person person = await browser.NewPersonAsync();
        IPage elsewhere = await person.NewPageAsync();
        await elsewhere.GotoAsync(neighbour.Address);
        string read = await elsewhere.EvaluateAsync<string>(
            """
            async (address) => {
              const call = (path, form) =>
                fetch(address + path, { credentials: "include", method: form ? "POST" : "GET", body: form && new URLSearchParams(form) });
              await call("/login/", { nick: "app" });
              const from = (await (await call("/chat/start/")).json()).response;
              await call("/chat/send_msg/", { msg: "from elsewhere" });
              const items = await (await call(`/chat/wait/?msg_id=${from}`)).text();
              const hello = await new Promise((resolve, reject) => {
                const socket = new WebSocket(address.replace("http", "ws") + "/chat-server");
                socket.onopen = () => socket.send('{"record":"client_hello","protocol_version":"1.0"}');
                socket.onmessage = (event) => { resolve(event.data); socket.close(); };
                socket.onerror = () => reject(new Error("no WebSocket"));
              });
              await call("/chat/leave/", {});
              return items + hello;
            }
            """,
            address);
        Assert.Contains("from elsewhere", read, StringComparison.Ordinal);
        Assert.Contains("server_hello", read, StringComparison.Ordinal);
    }

    /// <summary>The original client logs out by a GET from its own page, by script or by a link. Both must still work.</summary>
    [Fact]
    public async Task The_chats_own_page_may_log_out_by_a_GET()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        string address = $"http://{Browser.Name}:{new Uri(site.Address).Port}";
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.OpenLoginAsync(person, address);
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await alice.Page.GotoAsync(address + "/favicon.svg");
        await alice.Page.GotoAsync(address);
        Assert.Equal("ok", await alice.Page.EvaluateAsync<string>("async () => (await (await fetch('/chat/leave/')).json()).status"));
        Assert.Empty(await person.CookiesAsync());
    }
}
