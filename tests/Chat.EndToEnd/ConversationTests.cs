using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The main purpose: people in browsers log in with a nickname and talk.</summary>
public sealed class ConversationTests(Browser browser)
{
    [Fact]
    public async Task Two_people_meet_talk_and_leave()
    {
        await using ChatSite site = await ChatSite.StartAsync(ChatSite.ShortPolls);
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();

        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await alice.SeesAsync("bob");
        await Expect(alice.Users).ToHaveCountAsync(2);
        await Expect(bob.Users).ToHaveCountAsync(2);

        await alice.SayAsync("Hello bob, is <b>this</b> text?");
        await bob.SeesAsync("Hello bob, is <b>this</b> text?");
        await bob.SayAsync("It is.");
        await alice.SeesAsync("It is.");
        Assert.Equal(["Hello bob, is <b>this</b> text?", "It is."], await alice.TextsAsync());
        Assert.Equal(["Hello bob, is <b>this</b> text?", "It is."], await bob.TextsAsync());
        await alice.PictureAsync("conversation-alice");
        await bob.PictureAsync("conversation-bob");

        await bob.Page.CloseAsync();
        site.ShortenIdleLimit();
        await Expect(alice.Users).ToHaveCountAsync(1);
        await alice.SeesAsync("bob left (timed out)");
        await alice.PictureAsync("conversation-bob-is-gone");

        await alice.Page.ClickAsync("#logout");
        await Expect(alice.Page.Locator("form#login")).ToBeVisibleAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_taken_or_invalid_nickname_is_refused_with_the_reason()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        await ChatPage.LogInAsync(first, site, "alice");

        ChatPage other = await ChatPage.OpenLoginAsync(second, site);
        await other.SubmitNickAsync("ALICE");
        await Expect(other.Page.Locator("p.error")).ToContainTextAsync("The nickname is not available.");
        await other.SubmitNickAsync("not a nick");
        await Expect(other.Page.Locator("p.error")).ToHaveTextAsync(
            "Use 1 to 16 letters and digits, without blanks, signs or emoji.");
        await other.PictureAsync("login-refused");
    }

    [Fact]
    public async Task Two_tabs_of_one_session_show_the_same()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        await one.SayAsync("before the second tab");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        await two.SeesAsync("before the second tab");
        await two.SayAsync("from the second tab");
        await one.SeesAsync("from the second tab");
        await one.SayAsync("from the first tab");
        await two.SeesAsync("from the first tab");
        Assert.Equal(await one.TextsAsync(), await two.TextsAsync());
    }

    [Fact]
    public async Task A_lost_connection_is_shown_and_resumed_without_loss_or_repetition()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:PollTimeout=00:00:01", "--Chat:PollJitter=00:00:00.2");
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await bob.SayAsync("one");
        await alice.SeesAsync("one");

        await first.SetOfflineAsync(true);
        await Expect(alice.Status).Not.ToHaveAttributeAsync("data-state", "connected");
        await bob.SayAsync("two");
        await bob.SayAsync("three");
        await alice.PictureAsync("connection-lost");
        await first.SetOfflineAsync(false);
        await alice.SeesAsync("three");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Equal(["one", "two", "three"], await alice.TextsAsync());
    }

    [Fact]
    public async Task Commands_rooms_and_private_messages_work_from_the_page()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");

        await alice.SayAsync("/help");
        await alice.SeesAsync("Commands: (/auth password)");
        await alice.SayAsync("/pm bob just for <you>");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await alice.SeesAsync("just for <you>");
        await Expect(bob.Conversation("@alice")).ToContainTextAsync("1 unread message");
        await bob.Conversation("@alice").ClickAsync();
        await bob.SeesAsync("just for <you>");
        await Expect(bob.Conversation("@alice")).Not.ToContainTextAsync("unread");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await bob.SayAsync("/join dev");
        await Expect(bob.Title).ToHaveTextAsync("#dev");
        await alice.SayAsync("here in dev");
        await bob.SeesAsync("here in dev");
        await alice.PictureAsync("rooms");

        await alice.AuthenticateAsync("demopass");
        await alice.SeesAsync("You are now authenticated as an administrator.");
        await alice.SayAsync("/admin kick bob \"out <i>you</i> go\"");
        await bob.SeesAsync("You have been kicked from the chat room. Reason: out <i>you</i> go");
        await Expect(bob.Status).ToHaveAttributeAsync("data-state", "ended");
        await bob.PictureAsync("kicked");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }
}
