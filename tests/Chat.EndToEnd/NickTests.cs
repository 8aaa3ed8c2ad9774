using ErlChat.Testing;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Nicks of any script in the browser.</summary>
public sealed class NickTests(Browser browser)
{
    [Fact]
    public async Task Users_with_nicks_of_three_scripts_mention_and_write_to_each_other()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using OriginalClient old = await OriginalClient.LogInAsync(site.Address, "old");
        await old.LoadAsync();
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        await using Person third = await browser.NewPersonAsync();
        ChatPage zoe = await ChatPage.LogInAsync(first, site, "Zoe\u0308");
        ChatPage anna = await ChatPage.LogInAsync(second, site, "Анна");
        ChatPage hanako = await ChatPage.LogInAsync(third, site, "花子");
        foreach (ChatPage page in new[] { zoe, anna, hanako })
            await Expect(page.Users).ToHaveCountAsync(4);

        await anna.SayAsync("Привет, @zoë и @花子!");
        await zoe.SayAsync("Анна: hello, @花子");
        await hanako.SayAsync("@анна、@zoe\u0308, こんにちは");
        await hanako.SayAsync("Not these: Аннa, Аннам, 花子さん, Zoe");
        foreach (ChatPage page in new[] { zoe, anna, hanako })
            await page.SeesAsync("Not these");
        Assert.Equal(["@zoë", "@zoe\u0308"], await MentionsAsync(zoe));
        Assert.Equal(["Анна", "@анна"], await MentionsAsync(anna));
        Assert.Equal(["@花子", "@花子"], await MentionsAsync(hanako));

        // Completion, and a private message to the nick in another case.
        await anna.Input.FillAsync("@zo");
        await anna.Input.PressSequentiallyAsync("e\u0308");
        await anna.Input.PressAsync("Tab");
        await Expect(anna.Input).ToHaveValueAsync("@Zoë ");
        await anna.SayAsync("/pm ZOË тсс");
        await Expect(anna.Title).ToContainTextAsync("Zoë");
        await anna.SeesAsync("тсс");
        await Expect(zoe.Conversation("@анна").Locator(".badge")).ToHaveTextAsync("1");
        await zoe.PictureAsync("nicks");
        await hanako.Page.SetViewportSizeAsync(390, 780);
        await hanako.PictureAsync("nicks-phone");
        await zoe.Page.ReloadAsync();
        await Expect(zoe.Conversation("@анна")).ToBeVisibleAsync();

        // The page of 2009 shows them too, and survives that they leave.
        await hanako.Page.Locator("#logout").EvaluateAsync("button => button.click()");
        await Eventually.BeTrueAsync(() => old.Shown.Any(line => line.StartsWith("花子 left", StringComparison.Ordinal)));
        Assert.Equal(["Zoë", "old", "Анна"], old.List.Order(StringComparer.Ordinal));
        Assert.Contains("Анна: Привет, @zoë и @花子!", old.Shown);
        Assert.Null(old.Died);
        Assert.Empty(zoe.Complaints.Concat(anna.Complaints).Concat(hanako.Complaints));
    }

    [Fact]
    public async Task The_login_page_says_why_a_nick_is_refused()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person first = await browser.NewPersonAsync();
        await ChatPage.LogInAsync(first, site, "cop");
        await using Person second = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(second, site);
        await RefusesAsync(page, "\u0430dmin", "of one script");
        await RefusesAsync(page, "сор", "looks too much like another one");
        await RefusesAsync(page, "🙂", "without blanks, signs or emoji");
        await RefusesAsync(page, "abcdefghijklmnopq", "too long");
        await page.PictureAsync("login-nick-refused");
        Assert.Empty(page.Complaints);
    }

    private static async Task RefusesAsync(ChatPage page, string nick, string why)
    {
        await page.SubmitNickAsync(nick);
        await Expect(page.Page.Locator("p.error")).ToContainTextAsync(why);
        await Expect(page.Page.Locator("#nick")).ToHaveValueAsync(nick);
    }

    private static Task<IReadOnlyList<string>> MentionsAsync(ChatPage page) =>
        page.Page.Locator("#messages .text .mention").AllTextContentsAsync();
}
