using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Going to rooms and people by typing a part of a name.</summary>
public sealed class SwitcherTests(Browser browser)
{
    [Fact]
    public async Task Rooms_and_people_are_found_as_one_types_and_chosen_with_the_keyboard()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden-tools");
        await guest.SayAsync("/topic Rakes <b>and</b> more", "garden-tools");
        await Visitor.JoinAsync(site, "gustav");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.SayAsync("a draft that stays");

        await alice.Input.FillAsync("half a thought");
        await alice.Page.Keyboard.PressAsync("Control+k");
        ILocator input = alice.Dialog.GetByRole(AriaRole.Combobox);
        ILocator options = alice.Dialog.GetByRole(AriaRole.Option);
        await Expect(input).ToBeFocusedAsync();

        // At first, everything but the open conversation.
        await Expect(options.Locator("strong")).ToHaveTextAsync(["#lobby", "guest", "gustav", "#garden-tools"]);
        await Expect(options.Nth(3)).ToContainTextAsync("1 person; you are not in · Rakes <b>and</b> more");
        await Axe.CheckAsync(alice, "switcher", alice.Dialog);
        await alice.PictureAsync("switcher");

        await alice.Page.Keyboard.TypeAsync("GÜ");
        await Expect(options.Locator("strong")).ToHaveTextAsync(["guest", "gustav", "Create the room #GÜ"]);
        await Expect(options.Nth(0)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(alice.Dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("3 choices");
        await alice.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(options.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(input).ToHaveAttributeAsync("aria-activedescendant", "switcher-1");
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(options.Nth(2)).ToHaveAttributeAsync("aria-selected", "true");
        await alice.Page.Keyboard.PressAsync("ArrowDown");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("guest");
        await Expect(alice.Input).ToBeFocusedAsync();

        // Escape changes nothing, and the focus is where it was.
        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Page.Keyboard.TypeAsync("dev");
        await Expect(options.Locator("strong")).ToHaveTextAsync(["#dev"]);
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await Expect(alice.Input).ToBeFocusedAsync();
        await Expect(alice.Title).ToHaveTextAsync("guest");

        // A part of a word of a room that she is not in.
        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Page.Keyboard.TypeAsync("#tool");
        await Expect(options.Locator("strong")).ToHaveTextAsync(["#garden-tools", "Create the room #tool"]);
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#garden-tools");
        await Expect(alice.Users).ToHaveCountAsync(2);

        // A new one; and a name that cannot be one.
        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Page.Keyboard.TypeAsync("no room!");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("a room name has 1 to 32 letters");
        await input.FillAsync("@nobody");
        await Expect(options).ToHaveCountAsync(0);
        await input.FillAsync("cellar");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#cellar");
        await alice.Conversation("#dev").ClickAsync();
        await Expect(alice.Input).ToHaveValueAsync("half a thought");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task What_is_typed_before_the_list_is_there_is_not_lost()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await person.RouteAsync("**/js/lazy/switcher.js", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Page.Keyboard.TypeAsync("dev");
        await alice.Page.Keyboard.PressAsync("Enter");
        gate.SetResult();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Input).ToHaveValueAsync("");
        Assert.Empty(alice.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_a_phone_it_is_opened_with_a_button_and_used_by_touch(ColorScheme theme)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden");
        await using Person person = await browser.NewPersonAsync(MessageActions.Window(theme, 390));
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("@alice hello");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await guest.SayAsync("@alice are you there?");
        await alice.Page.ClickAsync("#rooms-open");
        await alice.Page.ClickAsync("#switch-open");
        ILocator options = alice.Dialog.GetByRole(AriaRole.Option);
        await Expect(options).ToHaveCountAsync(3);
        await Expect(options.First).ToContainTextAsync("1 unread message");
        await Axe.CheckAsync(alice, $"switcher, {theme}");
        Assert.Equal(390, await alice.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await alice.PictureAsync($"switcher-390-{theme}");
        await options.Filter(new() { HasText = "#garden" }).ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#garden");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }
}
