using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>The commands open to every user.</summary>
public class CommandTests
{
    private const string Invalid = "Invalid command or format.";

    [Fact]
    public async Task Help_lists_the_commands()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        string[] expected =
        [
            "Commands: (/auth password) (/away) (/back) (/help) (/ignore nick) (/ignored) (/invite nick) (/join room [private]) "
                + "(/kick nick [reason]) (/leave [room]) (/me text) (/moderator nick [off]) (/owner nick) (/pm nick text) (/rename name) "
                + "(/room [private | public | lock | unlock | archive | reopen | slow seconds]) (/topic [text]) (/unignore nick) "
                + "(/uninvite nick) (/users)",
        ];
        Assert.Equal(expected, await alice.AskAsync("/help"));
        Assert.Equal(expected, await alice.AskAsync("/HELP-x and more"));
        Assert.All(chat.Commands.All, command => Assert.Contains($"({command.Usage})", expected[0], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nonsense")]
    [InlineData("/0")]
    [InlineData("/admin")]
    [InlineData("/admin help")]
    [InlineData("/admin kick bob x")]
    public async Task A_command_that_the_user_may_not_use_is_invalid(string text)
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Equal([Invalid], await alice.AskAsync(text));
    }

    [Fact]
    public async Task The_right_password_makes_an_administrator_who_is_told_before_the_others()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.DrainAsync();
        await alice.SubmitAsync("/auth demopass");
        IReadOnlyList<MailContent> told = await alice.ContentsAsync();
        Assert.Equal(new Notice("You are now authenticated as an administrator. Type /admin help for commands.", null), told[0]);
        Assert.Equal(new AdminChanged(alice.Who, LoggedIn: true), told[1]);
        Assert.Equal(new AdminChanged(alice.Who, LoggedIn: true), Assert.Single(await bob.ContentsAsync()));
        Assert.True(chat.Room.Find(alice.Key)!.IsAdmin);
        await alice.SubmitAsync("/auth \"demopass\"");
        Assert.IsType<Notice>(Assert.Single(await alice.ContentsAsync()));
        Assert.Empty(await bob.DrainAsync());
    }

    [Theory]
    [InlineData("/auth")]
    [InlineData("/auth wrong")]
    [InlineData("/auth demopass more")]
    [InlineData("/auth \"demopass")]
    [InlineData("/auth DEMOPASS")]
    public async Task Any_other_password_is_refused(string text)
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Equal(["Invalid administrator password."], await alice.AskAsync(text));
        Assert.False(chat.Room.Find(alice.Key)!.IsAdmin);
    }

    [Theory]
    [InlineData(AdminLogin.Off, "Administration is switched off on this server.")]
    [InlineData(AdminLogin.TooManyTries, "Too many passwords were tried. Please wait 12 seconds and try again.")]
    public async Task Administration_may_be_off_or_blocked(AdminLogin answer, string text)
    {
        await using TestChat chat = await TestChat.StartAsync();
        chat.Passwords.Answer = answer;
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Equal([text], await alice.AskAsync("/auth demopass"));
        Assert.False(chat.Room.Find(alice.Key)!.IsAdmin);
    }

    [Fact]
    public async Task Joining_a_room_is_answered_with_its_welcome()
    {
        await using TestChat chat = await TestChat.StartAsync(options => (options.MaxRoomsPerSession, options.RateLimitCount) = (2, 100));
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("/join den");
        Assert.Equal(new Welcome("den", alice.Who, "", []), Assert.Single(await alice.ContentsAsync()), Plain.Same);
        Assert.Equal(["You are in DEN already."], await alice.AskAsync("/join DEN"));
        Assert.Equal(["There are too many rooms. Leave one first."], await alice.AskAsync("/join attic"));
        foreach (string bad in (string[])["/join", "/join a b", "/join \"a"])
            Assert.Equal(["Usage: /join room [private]"], await alice.AskAsync(bad));
        foreach (string bad in (string[])["/join a/b", "/join \"\"", "/join é", "/join " + new string('x', 33)])
            Assert.Equal(["A room name has 1 to 32 letters, digits, - or _."], await alice.AskAsync(bad));
    }

    // A client that does not support rooms takes every join for one of the lobby.
    [Fact]
    public async Task A_client_that_names_no_room_joins_quietly()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession old = await chat.LoginAsync("old"), knowing = await chat.LoginAsync("knowing"), third = await chat.LoginAsync("third");
        await old.SubmitAsync("/join den");
        await knowing.SubmitAsync("/join den", room: "lobby");
        await old.DrainAsync();
        await knowing.DrainAsync();
        await third.SubmitAsync("/join den");
        Assert.Empty(await old.DrainAsync());
        Assert.Equal(new UserEntered("den", third.Who), Assert.Single(await knowing.ContentsAsync()));
        await third.SubmitAsync("hi", room: "den");
        Assert.IsType<Spoken>(Assert.Single(await old.ContentsAsync()));
    }

    [Fact]
    public async Task A_room_is_left_by_name_or_from_inside()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("/join den");
        await alice.SubmitAsync("/join attic");
        await alice.DrainAsync();
        await alice.SubmitAsync("/leave", room: "den");
        await alice.SubmitAsync("/leave attic");
        Assert.Equal([new Farewell("den", alice.Who), new Farewell("attic", alice.Who)], await alice.ContentsAsync());
        Assert.Equal(["You are not in den."], await alice.AskAsync("/leave den"));
        Assert.Equal(["You cannot leave lobby: everybody is in it. Log out to leave the chat."], await alice.AskAsync("/leave"));
    }

    [Fact]
    public async Task An_action_is_sent_as_an_action()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("/me  waves  \"hello\" ");
        Assert.Equal(
            new Spoken("lobby", alice.Who, "waves  \"hello\"", Action: true, Own: true),
            Assert.Single(await alice.ContentsAsync()));
        Assert.Equal(["Usage: /me text"], await alice.AskAsync("/me "));
        Assert.Equal(["You are not in den."], await alice.AskAsync("/me waves", room: "den"));
    }

    [Theory]
    [InlineData("/pm")]
    [InlineData("/msg")]
    public async Task A_private_message_reaches_one_user(string command)
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.SubmitAsync($"{command} BOB  two  words ");
        Assert.Equal(new Whisper(alice.Who, bob.Who, "two  words", Own: false), Assert.Single(await bob.ContentsAsync()));
        Assert.Equal(["There is no user nobody."], await alice.AskAsync($"{command} nobody x"));
        Assert.Equal(["Usage: /pm nick text"], await alice.AskAsync($"{command} bob"));
        Assert.Equal(["Usage: /pm nick text"], await alice.AskAsync(command));
    }

    [Fact]
    public async Task A_topic_is_shown_and_set()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        Assert.Equal(["lobby has no topic."], await alice.AskAsync("/topic"));
        await alice.SubmitAsync("/topic the  news");
        Assert.Equal(new TopicChanged("lobby", alice.Who, "the  news"), Assert.Single(await bob.ContentsAsync()));
        Assert.Equal(["The topic of lobby is: the  news"], await alice.AskAsync("/topic"));
        Assert.Equal(["A topic has at most 250 characters."], await alice.AskAsync("/topic " + new string('x', 251)));
        Assert.Equal(["You are not in den."], await alice.AskAsync("/topic x", room: "den"));
        Assert.Equal(["den has no topic."], await alice.AskAsync("/topic", room: "den"));
    }

    [Fact]
    public async Task Users_are_named_most_recently_active_first()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.LoginAsync("bob");
        Assert.Equal(["People in lobby: bob, alice"], await alice.AskAsync("/users"));
        await alice.SubmitAsync("hi");
        Assert.Equal(["People in lobby: alice, bob"], await alice.AskAsync("/users"));
        Assert.Equal(["There is no room den."], await alice.AskAsync("/users", room: "den"));
    }

    [Fact]
    public async Task Every_command_that_speaks_tells_a_muted_user_so()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        TestSession admin = await chat.LoginAdminAsync("boss"), bob = await chat.LoginAsync("bob");
        await admin.SubmitAsync("/admin mute bob 60");
        foreach (string text in (string[])["/me waves", "/pm boss x", "/topic x"])
            Assert.Equal(["You may not speak at the moment."], await bob.AskAsync(text));
        Assert.Equal(new Refused(Refusal.Muted, TimeSpan.FromSeconds(60)), await bob.SubmitAsync("x"));
    }
}
