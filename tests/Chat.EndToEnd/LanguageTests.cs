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
