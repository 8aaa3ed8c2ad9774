namespace ErlChat.Web.Tests.Comet;

/// <summary>Commands and their answers (docs/comet.md, clause 16).</summary>
public class CommandsTests
{
    [Theory]
    [InlineData("/help", "Commands: (/auth password) (/away) (/back) (/help) ")]
    [InlineData("/HELP", "Commands: ")]
    [InlineData("/help-x", "Commands: ")]
    [InlineData("/nonsense", "Invalid command or format.")]
    [InlineData("/nick bob", "Invalid command or format.")]
    [InlineData("/admin help", "Invalid command or format.")]
    [InlineData("/admin", "Invalid command or format.")]
    [InlineData("/auth demopass", "Administration is switched off on this server.")]
    [InlineData("/users", "People in lobby: alice")]
    [InlineData("/topic", "lobby has no topic.")]
    [InlineData("/me", "Usage: /me text")]
    [InlineData("/pm bob", "Usage: /pm nick text")]
    [InlineData("/msg", "Usage: /pm nick text")]
    [InlineData("/pm nobody hi", "There is no user nobody.")]
    [InlineData("/join", "Usage: /join room [private]")]
    [InlineData("/join a.b", "A room name has 1 to 32 letters, digits, - or _.")]
    [InlineData("/leave", "You cannot leave lobby: everybody is in it.")]
    [InlineData("/leave den", "You are not in den.")]
    [InlineData("/0", "Invalid command or format.")]
    public async Task Commands_for_everybody_are_answered(string command, string answer)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = server.Stranger("bob");
        Assert.StartsWith(answer, await alice.AskAsync(command), StringComparison.Ordinal);
        await bob.LoginAsync();
        Assert.Equal(["user_joined_room bob"], (await alice.ReadAsync()).Select(item => item.ToString()));
    }

    [Theory]
    [InlineData(
        "/admin help",
        "Admin Help: (/admin logout) (/admin info user) (/admin kick user reason) (/admin ban user reason seconds) (/admin bans)"
        + " (/admin unban host)")]
    [InlineData("/admin", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin nonsense", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin kick bob", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin kick bob two words", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin ban bob x", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin logout now", "Unknown admin command. Type /admin help.")]
    [InlineData("/admin kick nobody x", "Unable to kick: user not found.")]
    [InlineData("/admin kick root1 x", "Sorry, you can't kick yourself!")]
    [InlineData("/admin ban nobody x 5", "Unable to ban: user not found.")]
    [InlineData("/admin ban ROOT1 x 5", "Sorry, you can't ban yourself!")]
    [InlineData("/admin unban 1.2.3.4", "Unable to unban: Invalid host.")]
    [InlineData("/admin info nobody", "Unknown user.")]
    [InlineData("/admin bans", "There are no bans.")]
    public async Task Commands_for_administrators_are_answered(string command, string answer)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        await server.LoginAsync("bob");
        Assert.StartsWith(answer, await admin.AskAsync(command), StringComparison.Ordinal);
        Assert.Equal(2, server.Room.SessionCount);
    }

    [Fact]
    public async Task Gaining_and_losing_administrator_rights_is_announced_to_everybody_including_the_user()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await bob.SendAsync("/auth demopass");
        await bob.SendAsync("/auth demopass");
        await bob.SendAsync("/admin logout");
        const string hello = "system_msg You are now authenticated as an administrator. Type /admin help for commands.";
        Assert.Equal(
            [hello, "admin_logged_in bob", hello, "admin_logged_out bob"], (await bob.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(
            ["user_joined_room bob", "admin_logged_in bob", "admin_logged_out bob"],
            (await alice.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal("Invalid command or format.", await bob.AskAsync("/admin help"));
    }

    [Theory]
    [InlineData("/auth")]
    [InlineData("/auth wrong")]
    [InlineData("/auth demopass demopass")]
    [InlineData("/auth \"demopass")]
    [InlineData("/auth DEMOPASS")]
    public async Task A_wrong_password_is_reported_as_such(string command)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal("Invalid administrator password.", await alice.AskAsync(command));
        Assert.Equal("Invalid command or format.", await alice.AskAsync("/admin help"));
    }

    [Fact]
    public async Task The_commands_me_topic_pm_and_users_work()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.ReadAsync();
        await alice.SendAsync("/me  waves <b>");
        await alice.SendAsync("/topic tea & cake");
        await alice.SendAsync("/pm bob  hello there");
        await alice.SendAsync("/msg bob again");
        IReadOnlyList<CometItemView> items = await bob.ReadAsync();
        Assert.Equal(
            [
                "chat_msg alice waves <b>", "system_msg alice set the topic: tea & cake",
                "system_msg Private message from alice: hello there", "system_msg Private message from alice: again",
            ],
            items.Select(item => item.ToString()));
        Assert.True(items[0].Json.GetProperty("action").GetBoolean());
        Assert.Equal("topic", items[1].Kind);
        Assert.Equal("The topic of lobby is: tea & cake", await bob.AskAsync("/topic"));
        Assert.Equal("People in lobby: alice, bob", await bob.AskAsync("/users"));
    }

    [Fact]
    public async Task An_old_client_may_join_a_room_but_gets_no_joins_and_leaves_there()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient old = await server.LoginAsync("old");
        CometClient bob = await server.LoginAsync("bob");
        await old.SendAsync("/join den");
        await bob.PostAsync("/chat/join/", ("room", "den"));
        await bob.SendAsync("in the den", room: "den");
        await bob.PostAsync("/chat/part/", ("room", "den"));
        await old.SendAsync("/leave den");
        Assert.Equal(
            [
                "user_joined_room bob", "system_msg You are now in den. People: old", "chat_msg bob in the den",
                "system_msg You have left den.",
            ],
            (await old.ReadAsync()).Select(item => item.ToString()));
    }
}
