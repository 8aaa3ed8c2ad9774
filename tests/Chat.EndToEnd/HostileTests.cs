using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Users who try to inject code into other users' pages.</summary>
public sealed class HostileTests(Browser browser)
{
    private static readonly string[] s_tries =
    [
        "<img src=x onerror=hacked()>",
        "<script>hacked()</script>",
        "\"><svg onload=hacked()>",
        "javascript:hacked()",
        "https://example.org/\"onmouseover=\"hacked()",
        "https://example.org/'><img src=x onerror=hacked()>",
        "*<img src=x onerror=hacked()>* _<b onclick=hacked()>_ `<iframe src=javascript:hacked()>`",
        "```\n</code></pre><script>hacked()</script>\n```",
        "&lt;img src=x onerror=hacked()&gt;",
        "{{constructor.constructor('hacked()')()}} ${hacked()} __proto__ constructor",
        ":constructor: :__proto__: :toString:",
        "data:text/html,<script>hacked()</script> vbscript:hacked() https://",
        "[x](javascript:hacked()) ![x](javascript:hacked()) <javascript:hacked()> [x]: javascript:hacked()",
        "> <img src=x onerror=hacked()>\n- <svg onload=hacked()>\n1. **<iframe src=javascript:hacked()>**",
        "```html\n<img src=x onerror=hacked()><script>hacked()</script>\n```",
        "```js onerror=hacked()\nx\n```",
        "\u202e<img src=x onerror=hacked()>\u202c \ufeff",
    ];

    [Fact]
    public async Task Nothing_that_a_user_writes_is_ever_executed()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:AdminPassword=demopass",
            "--Chat:RateLimitCount=1000",
            "--Limits:Enabled=false");
        Visitor mallory = await Visitor.JoinAsync(site, "mallory");
        await mallory.SayAsync("/auth demopass");

        // The comet wire refuses such names. Other wires have wider rules, so the page must cope with them.
        await mallory.EnterAsync("<img src=x onerror=hacked()>");
        await mallory.SayAsync("/topic <script>hacked()</script>", "<img src=x onerror=hacked()>");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync("""
            window.run = 0; window.violations = []; window.hacked = () => { window.run++; };
            addEventListener(
              'securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
            """);
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        foreach (string text in s_tries)
        {
            await mallory.SayAsync(text);
            await mallory.WhisperAsync("alice", text);
            await mallory.SayAsync("/topic " + text.Replace('\n', ' '));
            await mallory.SayAsync("/me " + text);
        }

        await alice.Page.ClickAsync("#join-open");
        await alice.Page.ClickAsync("dialog .entry:has-text('<img')");
        await Expect(alice.Title).ToHaveTextAsync("#<img src=x onerror=hacked()>");
        await alice.Conversation("@mallory").ClickAsync();
        await Expect(alice.Page.Locator("#lines .message")).ToHaveCountAsync(s_tries.Length);
        await alice.Conversation("#lobby").ClickAsync();
        await alice.SeesAsync("set the topic: data:text/html,<script>");
        foreach (ILocator link in await alice.Page.Locator("#lines .text a").AllAsync())
            Assert.StartsWith("https://example.org/", await link.GetAttributeAsync("href"), StringComparison.Ordinal);
        Assert.Equal(0, await alice.Page.Locator("#messages :is(img, script, iframe, svg, b, object, style)").CountAsync());

        // The user's own input box too, with the text as a nick, a room name and a search.
        await alice.SayAsync(s_tries[0]);
        await alice.SayAsync("/join " + s_tries[0]);
        await alice.SayAsync("/pm " + s_tries[0] + " x");
        await alice.SeesAsync("There is no user <img");
        await alice.Page.ClickAsync("#search-open");
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync(s_tries[0]);
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".entry").First).ToContainTextAsync(s_tries[0]);
        await alice.Page.GotoAsync($"{site.Address}/chat/?room=<script>hacked()</script>#<img src=x onerror=hacked()>");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await mallory.SayAsync("/admin kick alice \"<img src=x onerror=hacked()>\"");
        await alice.SeesAsync("Reason: <img src=x onerror=hacked()>");
        Assert.Equal(0, await alice.Page.EvaluateAsync<int>("run"));
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>("violations"));
        await alice.Page.GotoAsync(site.Address);
        await alice.SubmitNickAsync("<img src=x");
        await Expect(alice.Page.Locator("p.error")).ToBeVisibleAsync();
        await Expect(alice.Page.Locator("#nick")).ToHaveValueAsync("<img src=x");
        Assert.Equal(0, await alice.Page.EvaluateAsync<int>("run"));
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>("violations"));
        Assert.Empty(alice.Complaints);
    }
}
