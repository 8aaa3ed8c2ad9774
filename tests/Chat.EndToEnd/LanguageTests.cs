using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The pages in another language, and themes chosen by the user.</summary>
public sealed class LanguageTests(Browser browser)
{
    [Fact]
    public async Task A_German_browser_gets_German_pages()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-AT" });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        await Expect(alice.Page.Locator("form#login button")).ToHaveTextAsync("Zum Chat");
        await alice.SubmitNickAsync("!!");
        await Expect(alice.Page.Locator("p.error")).ToContainTextAsync("Der Name darf nur aus Buchstaben und Ziffern bestehen");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveTextAsync("Verbunden");
        await Expect(alice.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await Expect(alice.Input).ToHaveAttributeAsync("placeholder", "Nachricht an #lobby");
        await alice.Input.FocusAsync();
        await alice.Page.Keyboard.TypeAsync("/to");
        await Expect(alice.Page.Locator("#suggestions")).ToContainTextAsync("das Thema des Raums zeigen oder setzen");
        await alice.Input.FillAsync("");

        // The user chooses English, and the choice persists.
        await alice.Page.ClickAsync("#settings-open");
        await alice.Dialog.GetByLabel("Sprache").SelectOptionAsync("English");
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await Expect(alice.Page.Locator("#rooms-title")).ToHaveTextAsync("Rooms");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_Hebrew_browser_gets_pages_from_the_right()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            Locale = "he-IL",
            ViewportSize = new() { Width = 1280, Height = 800 },
        });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        await Expect(alice.Page.Locator("form#login button")).ToHaveTextAsync("כניסה לצ'אט");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Input).ToHaveAttributeAsync("placeholder", "הודעה אל \u2068#lobby\u2069");
        await Expect(alice.Page.Locator("html")).ToHaveAttributeAsync("dir", "rtl");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await alice.SayAsync("hello, in English");
        await alice.SayAsync("שלום לכולם");
        await alice.SayAsync("/topic a topic");
        await Expect(alice.Page.Locator("#lines .system").Last).ToContainTextAsync("קבע/ה נושא");

        // The rooms are at the right, and the people at the left. A line of the page runs from the right, although it begins with a nick.
        const string left = "element => element.getBoundingClientRect().left";
        double rooms = await alice.Page.Locator("#sidebar").EvaluateAsync<double>(left);
        Assert.True(rooms > await alice.Page.Locator("#people").EvaluateAsync<double>(left));
        const string direction = "element => getComputedStyle(element).direction";
        Assert.Equal("rtl", await alice.Page.Locator("#lines .system .text").Last.EvaluateAsync<string>(direction));
        ILocator said = alice.Page.Locator("#lines .message .text");
        Assert.Equal("ltr", await said.First.EvaluateAsync<string>(direction));
        Assert.Equal("rtl", await said.Nth(1).EvaluateAsync<string>(direction));
        Assert.False(await alice.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Equal("plaintext", await alice.Input.EvaluateAsync<string>("input => getComputedStyle(input).unicodeBidi"));

        // A name from the left stays next to its sign.
        Assert.InRange(
            await alice.Selected.EvaluateAsync<double>(
                "button => { const range = document.createRange(); range.selectNodeContents(button.querySelector('.name'));"
                + " return button.querySelector('.sign').getBoundingClientRect().left - range.getBoundingClientRect().right; }"),
            0,
            20);
        await alice.PictureAsync("hebrew");

        // In a narrow window both are drawers, which come from their own sides.
        await alice.Page.SetViewportSizeAsync(390, 844);
        await alice.UntilAsync("document.querySelector('#sidebar').getBoundingClientRect().left >= innerWidth");
        await alice.UntilAsync("document.querySelector('#people').getBoundingClientRect().right <= 0");
        await alice.Page.ClickAsync("#rooms-open");
        await alice.UntilAsync("Math.abs(document.querySelector('#sidebar').getBoundingClientRect().right - innerWidth) < 1");
        await alice.PictureAsync("hebrew-phone");
        Assert.False(await alice.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        await Axe.CheckAsync(alice, "Hebrew");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_chosen_theme_applies_in_every_tab_and_after_a_reload()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = ColorScheme.Light });
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        const string background = "getComputedStyle(document.body).backgroundColor";
        string light = await two.Page.EvaluateAsync<string>(background);
        await one.Page.ClickAsync("#settings-open");
        await one.Dialog.GetByLabel("Appearance").SelectOptionAsync("Dark");
        await two.UntilAsync($"{background} !== '{light}'");
        await two.Page.ReloadAsync();
        await Expect(two.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.NotEqual(light, await two.Page.EvaluateAsync<string>(background));
    }
}
