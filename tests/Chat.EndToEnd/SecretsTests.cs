using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The administrators' password is typed into a separate field, and is found nowhere afterwards.</summary>
public sealed class SecretsTests(Browser browser)
{
    private const string Stored = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])";

    /// <summary>
    /// Previously, with a blank before the command the password was sent to the lobby. Without the blank it remained in the box, in the
    /// recall and in the saved draft.
    /// </summary>
    [Fact]
    public async Task In_any_spelling_the_password_is_asked_for_separately_and_stored_nowhere()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:AdminPassword=demopass",
            "--Chat:RateLimitCount=1000",
            "--Limits:Enabled=false");
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        await first.InstallClockAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        var posted = new List<string>();
        alice.Page.Request += (_, request) =>
        {
            if (request.Method == "POST")
                posted.Add($"{new Uri(request.Url).AbsolutePath} {request.PostData}");
        };
        ILocator password = alice.Dialog.Locator("input[type=password]");

        // Typed key by key: the blank opens the dialog, and the next key goes into it.
        await alice.Input.FocusAsync();
        await alice.Page.Keyboard.TypeAsync("/auth wr0ngpass");
        await Expect(password).ToHaveValueAsync("wr0ngpass");
        await Expect(alice.Input).ToHaveValueAsync("");
        Assert.DoesNotContain("wr0ngpass", await StoredAsync(), StringComparison.Ordinal);
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToHaveTextAsync("That did not work: that is not the password.");
        await Expect(password).ToHaveValueAsync("");
        await Expect(password).ToBeFocusedAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await Expect(alice.Input).ToBeFocusedAsync();

        // Pasted in one piece, in spellings that a user could mean, and sent without a blank.
        foreach (string text in new[]
        {
            "/auth demopass", " /auth demopass", "/\u200BAUTH demopass", "\uFF0Fauth demopass", "//auth demopass", "/authdemopass", "/auth",
            "hello\n/auth demopass",
        })
        {
            await alice.Input.FillAsync(text);
            Assert.DoesNotContain("demopass", await StoredAsync(), StringComparison.Ordinal);
            if (await alice.Dialog.CountAsync() == 0)
                await alice.Page.PressAsync("#input", "Enter");
            await Expect(password).ToHaveValueAsync("");
            await alice.Page.Keyboard.PressAsync("Escape");
            await Expect(alice.Input).ToHaveValueAsync(text.StartsWith("hello", StringComparison.Ordinal) ? "hello" : "");
            await alice.Input.FillAsync("");
        }

        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("");

        await alice.AuthenticateAsync("demopass");
        await alice.SeesAsync("You are now authenticated as an administrator.");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await bob.SeesAsync("alice is now an administrator.");
        Assert.Equal(
            ["/chat/auth/ password=wr0ngpass", "/chat/auth/ password=demopass"],
            posted.Where(static one => !one.StartsWith("/chat/typing/", StringComparison.Ordinal)));
        Assert.DoesNotContain("pass", await StoredAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("demopass", await bob.Messages.InnerTextAsync(), StringComparison.Ordinal);
        await Expect(bob.Page.Locator("#lines .message")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);

        // A draft is saved some time after a key.
        async Task<string> StoredAsync()
        {
            await first.MoveClockAsync(TimeSpan.FromSeconds(1));
            return await alice.Page.EvaluateAsync<string>(Stored);
        }
    }

    [Fact]
    public async Task After_too_many_tries_the_dialog_says_how_long_to_wait_in_the_pages_language()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass", "--Chat:AdminTriesPerSession=1");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-DE" });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator error = alice.Dialog.Locator(".error");
        await alice.AuthenticateAsync("wrong");
        await Expect(error).ToHaveTextAsync("Das ging nicht: das ist nicht das Passwort.");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(error).ToHaveTextAsync(
            new System.Text.RegularExpressions.Regex("^Das ging nicht: zu viele Versuche; warte [0-9]+ Sekunden\\.$"));
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, messages to one person, and commands sent as an administrator, were offered for recall everywhere.</summary>
    [Fact]
    public async Task Recall_belongs_to_a_conversation()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await Visitor.JoinAsync(site, "bob");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("in the lobby");
        await alice.Page.ClickAsync("#users button:has-text('bob')");
        await alice.Page.ClickAsync(".menu button:has-text('Direct message')");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("");
        await alice.SayAsync("to bob alone");
        await alice.SeesAsync("to bob alone");
        await alice.Conversation("#lobby").ClickAsync();
        await alice.Page.PressAsync("#input", "ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("in the lobby");
        await alice.Page.PressAsync("#input", "ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("in the lobby");
        await alice.Input.FillAsync("");
        await alice.Conversation("@bob").ClickAsync();
        await alice.Page.PressAsync("#input", "ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("to bob alone");
        Assert.Empty(alice.Complaints);
    }
}
