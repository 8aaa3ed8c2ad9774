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
            await alice.Dialog.Locator("input[type=search]").FillAsync(query);
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
        await alice.Dialog.GetByLabel("Only in this conversation").CheckAsync();
        await alice.Dialog.Locator("input[type=search]").FillAsync("needle");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(results).ToHaveCountAsync(1);
        await alice.Dialog.Locator("input[type=search]").FillAsync("\"open quote");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("close every quote");
        await alice.Dialog.Locator("input[type=search]").FillAsync("haystack");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog).ToContainTextAsync("Nothing found.");
        Assert.Empty(alice.Complaints);
    }
}
