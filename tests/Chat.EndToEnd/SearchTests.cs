using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Searching the messages.</summary>
public sealed class SearchTests(Browser browser)
{
    [Fact]
    public async Task Parts_of_words_are_found_in_every_script_and_marked()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("我好想要中文搜尋");
        await guest.SayAsync("The deployment of **Deploy-Tool**, <b>x</b>");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await Expect(alice.Page.Locator("#search-open")).ToBeVisibleAsync();
        await alice.Page.ClickAsync("#search-open");
        ILocator found = alice.Dialog.Locator(".entry .text");
        ILocator marks = found.Locator("mark");
        foreach ((string query, string text, string[] marked) in (ValueTuple<string, string, string[]>[])
            [
                ("中文", "我好想要中文搜尋", ["中文"]),
                ("deploy", "The deployment of **Deploy-Tool**, <b>x</b>", ["deploy", "Deploy"]),
                ("\"deploy tool\" THE", "The deployment of **Deploy-Tool**, <b>x</b>", ["The", "Deploy-Tool"]),
            ])
        {
            await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync(query);
            await alice.Page.Keyboard.PressAsync("Enter");
            await Expect(found).ToHaveTextAsync([text]);
            await Expect(marks).ToHaveTextAsync(marked);
        }

        await Axe.CheckAsync(alice, "search results", alice.Dialog);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_result_leads_to_its_place_in_the_history_however_far_back()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=10000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        for (int i = 0; i < 400; i++)
            await guest.SayAsync(i == 7 ? "the <b>needle</b> of old" : $"straw {i}");
        await guest.EnterAsync("dev");
        await guest.SayAsync("a needle elsewhere", "dev");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Page.Locator("#search-open")).ToBeVisibleAsync();

        await alice.Page.Keyboard.PressAsync("Alt+/");
        await alice.Page.Keyboard.TypeAsync("needle");
        await alice.Page.Keyboard.PressAsync("Enter");
        ILocator results = alice.Dialog.Locator(".entry");
        await Expect(results).ToHaveCountAsync(2);
        await Expect(results.Nth(0)).ToContainTextAsync("a needle elsewhere");
        await alice.PictureAsync("search");
        await results.Nth(1).ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        ILocator found = alice.Page.Locator(".message.found");
        await Expect(found).ToContainTextAsync("the <b>needle</b> of old");
        await Expect(found).ToBeInViewportAsync();
        await Expect(alice.Dialog).ToHaveCountAsync(0);

        await alice.Page.Keyboard.PressAsync("Alt+/");
        await alice.Dialog.GetByLabel("Where").SelectOptionAsync("Only in this conversation");
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("needle");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(results).ToHaveCountAsync(1);
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("\"open quote");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("close every quote");
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("haystack");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog).ToContainTextAsync("Nothing found.");
        Assert.Empty(alice.Complaints);
    }

    // It used to be picked from pages of a search everywhere: what was found elsewhere could leave a page empty.
    [Fact]
    public async Task A_private_conversation_is_searched_alone()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor bob = await Visitor.JoinAsync(site, "bob");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await bob.WhisperAsync("alice", "a needle in private");
        for (int i = 0; i < 25; i++)
            await bob.SayAsync($"needle {i}");
        await bob.SayAsync("the last one");
        await alice.SeesAsync("the last one");
        await alice.Conversation("@bob").ClickAsync();
        await Expect(alice.Title).ToContainTextAsync("bob");
        await alice.Page.ClickAsync("#search-open");
        await alice.Dialog.GetByLabel("Where").SelectOptionAsync("Only in this conversation");
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("needle");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".entry .text")).ToHaveTextAsync(["a needle in private"]);
        Assert.Empty(alice.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1100)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_search_is_narrowed_to_a_room_a_person_and_a_time_and_opened_again(ColorScheme theme, int width)
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        Visitor other = await Visitor.JoinAsync(site, "other");
        await guest.EnterAsync("dev");
        await other.EnterAsync("dev");
        await guest.SayAsync("a needle of the guest");
        await other.SayAsync("a needle of the other");
        await guest.SayAsync("a needle of the guest in dev", "dev");
        await using Person person = await browser.NewPersonAsync(MessageActions.Window(theme, width));
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Page.ClickAsync("#search-open");
        ILocator found = alice.Dialog.Locator(".entry .text");
        ILocator by = alice.Dialog.GetByLabel("Written by"), day = alice.Dialog.GetByLabel("Before");
        await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("needle");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(found).ToHaveTextAsync(["a needle of the guest in dev", "a needle of the other", "a needle of the guest"]);
        await by.FillAsync("@GUEST");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(found).ToHaveTextAsync(["a needle of the guest in dev", "a needle of the guest"]);
        await day.FillAsync("2001-02-03");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog).ToContainTextAsync("Nothing found.");
        await day.FillAsync("2101-02-03");
        await alice.Dialog.GetByLabel("Where").SelectOptionAsync("#lobby");
        await alice.Dialog.Locator("form button").ClickAsync();
        await Expect(found).ToHaveTextAsync(["a needle of the guest"]);
        await Axe.CheckAsync(alice, $"narrowed search, {theme}", alice.Dialog);
        Assert.Equal(width, await alice.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await alice.PictureAsync($"search-{width}");

        // There and back: the search is as it was, and its results are those of now.
        await alice.Dialog.Locator(".entry").ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Page.Locator("#hint")).ToHaveTextAsync("Search again to come back to the results.");
        await guest.SayAsync("one more needle of the guest");
        await alice.SeesAsync("one more needle");
        await alice.Page.Keyboard.PressAsync("Alt+/");
        await Expect(found).ToHaveTextAsync(["one more needle of the guest", "a needle of the guest"]);
        await Expect(alice.Dialog.Locator("[aria-current]")).ToContainTextAsync("a needle of the guest");
        await Expect(by).ToHaveValueAsync("@GUEST");
        await Expect(alice.Dialog.Locator("input[enterkeyhint=search]")).ToBeFocusedAsync();
        await alice.Page.Keyboard.TypeAsync("another");
        await Expect(alice.Dialog.Locator("input[enterkeyhint=search]")).ToHaveValueAsync("another");

        // From the field to what was found, and out, also with a text in the field.
        await alice.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(alice.Dialog.Locator(".entry").First).ToBeFocusedAsync();
        await alice.Dialog.Locator("input[enterkeyhint=search]").FocusAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }
}
