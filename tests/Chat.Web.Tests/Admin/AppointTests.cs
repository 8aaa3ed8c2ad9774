namespace ErlChat.Web.Tests.Admin;

/// <summary>Administrators as persons: <c>make admin</c>, and the commands with which administrators make others.</summary>
public sealed class AppointTests : IDisposable
{
    private const string Password = "a horse in the rain";

    private const string OnlyBob = """admins":\[{"nick":"bob","from":\d+,"lasting":true}],""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erlchat-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Path => System.IO.Path.Combine(_folder.FullName, "chat.db");

    [Fact]
    public async Task The_operator_makes_a_member_an_administrator_while_the_server_runs()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient bob = await MemberAsync(server, "bob");
        CometClient phone = await SignInAsync(server, "bob");
        Assert.Equal("Invalid command or format.", await bob.AskAsync("/admin help"));
        Ran ran = await ServerProgram.RunAsync("admin", "BOB", $"--Log:Path={Path}");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Contains("BOB is an administrator within seconds", ran.Output, StringComparison.Ordinal);
        await Eventually.BeTrueAsync(() => server.Room.Acts().Count == 1);
        Assert.StartsWith("Admin Help:", await bob.AskAsync("/admin help"), StringComparison.Ordinal);
        Assert.StartsWith("Admin Help:", await phone.AskAsync("/admin help"), StringComparison.Ordinal);
        Assert.True((await bob.LeaveAsync()).IsOk);
        Assert.True((await phone.LeaveAsync()).IsOk);
        CometClient tablet = await SignInAsync(server, "bob");
        Assert.True((await tablet.GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());
        Assert.Contains("bob", await tablet.AskAsync("/admin log"), StringComparison.Ordinal);

        // Nobody but the member: a guest of that nick could be anybody.
        await server.LoginAsync("eve");
        Assert.Equal(0, (await ServerProgram.RunAsync("admin", "eve", $"--Log:Path={Path}")).Code);
        Assert.Equal(
            "Unable to do that: eve is a guest. Only a member, who keeps the nick, can be an administrator for good.",
            await tablet.AskAsync("/admin grant eve"));
    }

    [Theory]
    [InlineData("Анна", "АННА")]
    [InlineData("Straße", "STRASSE")]
    public async Task The_operator_may_type_any_spelling_of_the_nick(string nick, string typed)
    {
        await using ChatServerHost server = await StartAsync();
        CometClient anna = server.Stranger();
        anna.Token = (await anna.PostAsync("/login/", ("nick", nick), ("scripts", "any"), ("keep", "1"))).Token;
        Assert.True((await anna.PostAsync("/chat/register/", ("password", Password))).IsOk);
        Ran ran = await ServerProgram.RunAsync("admin", typed, $"--Log:Path={Path}");
        Assert.True(ran.Code == 0, ran.Error);
        await Eventually.BeTrueAsync(() => server.Room.Acts().Count == 1);
        Assert.True((await anna.GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());
    }

    /// <summary>Otherwise, an appointment for a nick that was mistyped would wait for whoever takes that nick.</summary>
    [Fact]
    public async Task Somebody_who_becomes_a_member_afterwards_is_not_meant()
    {
        await using (await StartAsync())
        {
            // Creates the database.
        }

        Assert.Equal(0, (await ServerProgram.RunAsync("admin", "bob", $"--Log:Path={Path}")).Code);
        await using ChatServerHost server = await StartAsync();
        CometClient bob = await MemberAsync(server, "bob");
        CometClient ada = await MemberAsync(server, "ada");
        Assert.Equal(0, (await ServerProgram.RunAsync("admin", "ada", $"--Log:Path={Path}")).Code);
        await Eventually.BeTrueAsync(() => server.Room.Acts().Count == 1);
        Assert.StartsWith("Admin Help:", await ada.AskAsync("/admin help"), StringComparison.Ordinal);
        Assert.Equal("Invalid command or format.", await bob.AskAsync("/admin help"));
    }

    [Fact]
    public async Task A_command_that_cannot_work_says_why()
    {
        Assert.Equal(2, (await ServerProgram.RunAsync("admin")).Code);
        Assert.Equal(2, (await ServerProgram.RunAsync("admin", "not a nick")).Code);
        Assert.Contains("is not a nick", (await ServerProgram.RunAsync("admin", "not a nick")).Error, StringComparison.Ordinal);
        Ran memory = await ServerProgram.RunAsync("admin", "bob", "--Log:Kind=Memory");
        Assert.Equal(1, memory.Code);
        Assert.Contains("Use /auth in the chat.", Assert.Single(memory.Errors), StringComparison.Ordinal);
        Ran none = await ServerProgram.RunAsync("admin", "bob", $"--Log:Path={Path}");
        Assert.Equal(1, none.Code);
        Assert.Contains("does not exist", Assert.Single(none.Errors), StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task Administrators_make_others_and_take_the_rights_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient root = await server.LoginAdminAsync("root1");
        CometClient bob = await MemberAsync(server, "bob");
        Assert.Equal("Unknown admin command. Type /admin help.", await root.AskAsync("/admin grant"));
        Assert.Equal("Unable to do that: user not found.", await root.AskAsync("/admin grant nobody"));
        Assert.Equal("bob is an administrator, with every login and on every device.", await root.AskAsync("/admin grant bob"));
        Assert.Contains(await bob.ReadAsync(), item => item.Type == "admin_logged_in");
        Assert.Equal("Type /admin logout to cease to be an administrator.", await bob.AskAsync("/admin revoke bob"));

        // The lobby is the administrators'.
        Assert.True((await bob.SendAsync("/room lock", "lobby")).IsOk);
        Assert.Contains(await bob.ReadAsync(), item => item.Text.Contains("locked lobby", StringComparison.Ordinal));
        Assert.Equal("bob is not an administrator now.", await root.AskAsync("/admin revoke bob"));
        Assert.Equal("Invalid command or format.", await bob.AskAsync("/admin help"));
        Assert.True((await bob.LeaveAsync()).IsOk);
        Assert.False((await (await SignInAsync(server, "bob")).GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());
        CometAnswer acts = await root.GetAsync("/admin/acts/");
        Assert.Contains("\"act\":\"revoke\",\"by\":\"root1\"", acts.Body, StringComparison.Ordinal);
        Assert.Contains("\"act\":\"grant\",\"by\":\"root1\"", acts.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_learns_who_the_administrators_are()
    {
        string[] options = ["Log:Kind=Sqlite", $"Log:Path={Path}", ChatServerHost.AdminPassword];
        await using (ChatServerHost server = await ChatServerHost.StartAsync(options))
        {
            CometClient guest = await server.LoginAsync("guest");
            Assert.DoesNotContain("admins", (await guest.GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
            CometClient root = await server.LoginAdminAsync("root1");
            CometClient bob = await MemberAsync(server, "bob");
            await root.AskAsync("/admin grant bob");
            Assert.Matches(
                """admins":\[{"nick":"bob","from":[1-9]\d*,"lasting":true},{"nick":"root1","from":[1-9]\d*}],""",
                (await guest.GetAsync("/chat/me/")).Body);
            Assert.True((await bob.LeaveAsync()).IsOk);
            Assert.True((await root.LeaveAsync()).IsOk);
            Assert.Matches(OnlyBob, (await guest.GetAsync("/chat/me/")).Body);
        }

        await using ChatServerHost restarted = await ChatServerHost.StartAsync(options);
        CometClient other = await restarted.LoginAsync("other");
        Assert.Matches(OnlyBob, (await other.GetAsync("/chat/me/")).Body);
        await (await restarted.LoginAdminAsync("root1")).AskAsync("/admin revoke bob");
        Assert.DoesNotContain("bob", (await other.GetAsync("/chat/me/")).Body, StringComparison.Ordinal);
    }

    private Task<ChatServerHost> StartAsync() => ChatServerHost.StartAsync("Log:Kind=Sqlite", $"Log:Path={Path}");

    private static async Task<CometClient> MemberAsync(ChatServerHost server, string nick)
    {
        CometClient client = await server.LoginAsync(nick, keeps: true);
        Assert.True((await client.PostAsync("/chat/register/", ("password", Password))).IsOk);
        return client;
    }

    private static async Task<CometClient> SignInAsync(ChatServerHost server, string nick)
    {
        CometClient client = server.Stranger(nick);
        client.Token = (await client.PostAsync("/login/", ("nick", nick), ("password", Password), ("keep", "1"))).Token;
        Assert.NotNull(client.Token);
        await client.StartAsync();
        return client;
    }
}
