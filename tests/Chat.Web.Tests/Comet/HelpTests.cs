namespace ErlChat.Web.Tests.Comet;

/// <summary>What clients are told so that they can help their users: commands, bans, polling intervals.</summary>
public class HelpTests
{
    [Fact]
    public async Task Every_command_is_listed_with_its_usage_and_a_help_line()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer answer = await alice.GetAsync("/chat/commands/");
        (string Name, string Usage, string Help, bool Admin)[] commands =
        [
            .. answer.Response.EnumerateArray().Select(one => (
                one.GetProperty("name").GetString()!,
                one.GetProperty("usage").GetString()!,
                one.GetProperty("help").GetString()!,
                one.GetProperty("admin").GetBoolean())),
        ];
        string help = await alice.AskAsync("/help");
        Assert.Equal(help, "Commands: " + string.Join(' ', commands.Where(one => !one.Admin).Select(one => $"({one.Usage})")));
        Assert.Contains(commands, one => one is { Name: "/admin ban", Usage: "/admin ban user reason seconds", Admin: true });
        Assert.All(commands, one =>
        {
            Assert.StartsWith(one.Name, one.Usage, StringComparison.Ordinal);
            Assert.NotEmpty(one.Help);
            Assert.False(one.Help.EndsWith('.'));
        });
    }

    [Fact]
    public async Task Bans_are_listed_with_their_end_for_administrators_only()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("not_allowed", (await bob.GetAsync("/chat/bans/")).Error);
        Assert.Equal("bad_session", (await server.Stranger().GetAsync("/chat/bans/")).Error);
        Assert.Empty((await admin.GetAsync("/chat/bans/")).Response.EnumerateArray());
        DateTimeOffset now = server.Clock.GetUtcNow();
        await admin.SendAsync("/admin ban bob \"bad <boy>\" 90");
        System.Text.Json.JsonElement ban = Assert.Single((await admin.GetAsync("/chat/bans/")).Response.EnumerateArray());
        Assert.Equal("bob", ban.GetProperty("nick").GetString());
        Assert.Equal("bad <boy>", ban.GetProperty("reason").GetString());
        Assert.Equal(now.AddSeconds(90), ban.GetProperty("until").GetDateTimeOffset());
        Assert.NotEmpty(ban.GetProperty("host").GetString()!);
    }

    [Fact]
    public async Task Clients_are_told_the_polling_intervals()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:RetryFirst=00:00:00.2", "Chat:RetryLongest=00:00:07", "Chat:PollJitter=00:00:03", "Chat:EditWindow=00:10:00");
        CometClient alice = await server.LoginAsync("alice");
        System.Text.Json.JsonElement limits = (await alice.GetAsync("/chat/me/")).Response.GetProperty("limits");
        Assert.Equal(25, limits.GetProperty("poll_timeout").GetDouble());
        Assert.Equal(3, limits.GetProperty("poll_jitter").GetDouble());
        Assert.Equal(0.2, limits.GetProperty("retry_first").GetDouble());
        Assert.Equal(7, limits.GetProperty("retry_longest").GetDouble());
        Assert.Equal(600, limits.GetProperty("edit_window").GetDouble());
    }
}
