using System.Text;

namespace ErlChat.Web.Tests.Comet;

/// <summary>
/// Nicks of any script, for clients that ask for them with <c>scripts</c>, next to clients of 2009 (docs/comet.md, clause 6).
/// </summary>
public sealed class AnyScriptTests
{
    private const string Invalid = "The nickname must be alphanumeric and not blank.";
    private const string Taken = "The nickname is not available.";
    private const string TooLong = "The nickname is too long.";
    private const string Mixed = "The nickname must be of one script: please do not mix letters or digits of several.";
    private const string Alike = "The nickname looks too much like another one in the chat.";

    [Theory]
    [InlineData("Zoë", "Zoë")]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData(" Анна ", "Анна")]
    [InlineData("花子", "花子")]
    [InlineData("bob", "bob")]
    public async Task A_client_that_asks_gets_a_nick_of_any_script(string typed, string nick)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient client = await LogInAsync(server, typed);
        Assert.Equal([nick], await client.OnlineAsync());
        Assert.Equal(nick, (await client.GetAsync("/chat/me/")).Response.GetProperty("nick").GetString());
    }

    [Theory]
    [InlineData("Zoë")]
    [InlineData("花子")]
    public async Task A_client_of_2009_does_not(string typed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().LoginAsync(typed);
        LoginTests.AssertRefused(answer, Invalid);
        Assert.Equal("nick_not_allowed", answer.Headers["Chat-Refusal"]);
    }

    [Theory]
    [InlineData("", Invalid, "nick_not_allowed")]
    [InlineData("a b", Invalid, "nick_not_allowed")]
    [InlineData("bob🙂", Invalid, "nick_not_allowed")]
    [InlineData("Anna\u202e", Invalid, "nick_not_allowed")]
    [InlineData("Anna\u200d", Invalid, "nick_not_allowed")]
    [InlineData("A\u0316\u0317\u0318\u0319nna", Invalid, "nick_not_allowed")]
    [InlineData("<b>", Invalid, "nick_not_allowed")]
    [InlineData("\u0430dmin", Mixed, "nick_not_allowed")]
    [InlineData("bob٣", Mixed, "nick_not_allowed")]
    [InlineData("abcdefghijklmnopQ", TooLong, "nick_not_allowed")]
    [InlineData("Анна5678901234567", TooLong, "nick_not_allowed")]
    [InlineData("admİn", Taken, "nick_not_allowed")]
    [InlineData("adrnin", Alike, "nick_not_allowed")]
    [InlineData("АНДРЕЙ", Taken, "nick_in_use")]
    [InlineData("STRASSE", Taken, "nick_in_use")]
    [InlineData("сор", Alike, "nick_in_use")]
    [InlineData("Bob", Taken, "nick_in_use")]
    public async Task A_refusal_says_why(string typed, string text, string word)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await LogInAsync(server, "Андрей");
        await LogInAsync(server, "Straße");
        await server.LoginAsync("cop");
        await server.LoginAsync("bob");
        string before = server.Picture();
        CometAnswer answer = await AskAsync(server.Stranger(), typed);
        LoginTests.AssertRefused(answer, text);
        Assert.Equal(word, answer.Headers["Chat-Refusal"]);
        Assert.Equal(before, server.Picture());
    }

    // The nick of somebody else protects against look-alikes over every kind of login.
    [Theory]
    [InlineData("сор", "cop")]
    [InlineData("Straße", "strasse")]
    [InlineData("İbo", "ibo")]
    public async Task A_client_of_2009_is_told_that_such_a_nick_is_not_available(string first, string second)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient owner = await LogInAsync(server, first);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync(second), Taken);
        await owner.LeaveAsync();
        Assert.Equal(HttpStatusCode.Redirect, (await server.Stranger().LoginAsync(second)).Status);
    }

    // JSON has no other form for these: the same bytes as in a message.
    [Fact]
    public async Task A_client_of_2009_sees_such_nicks_as_raw_UTF8()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient old = await server.LoginAsync("old");
        await old.StartAsync();
        await old.OnlineAsync();
        CometClient anna = await LogInAsync(server, "Анна");
        await anna.SendAsync("hi old");
        await anna.SendAsync("psst", to: "old");
        await anna.LeaveAsync();
        var bodies = new StringBuilder();
        while (!bodies.ToString().Contains("user_left_room", StringComparison.Ordinal))
            bodies.Append((await old.WaitAsync()).Body);
        string said = bodies.ToString();
        Assert.Contains("\"t\":\"user_joined_room\",\"d\":\"Анна\"", said, StringComparison.Ordinal);
        Assert.Contains("\"d\":{\"nick\":\"Анна\",\"msg\":\"hi old\"}", said, StringComparison.Ordinal);
        Assert.Contains("\"d\":\"Private message from Анна: psst\"", said, StringComparison.Ordinal);
        Assert.Contains("\"d\":{\"nick\":\"Анна\",\"reason\":\"normal\"}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zoë")]
    [InlineData("ZOE\u0308")]
    public async Task Everything_that_takes_a_nick_takes_any_spelling_of_it(string typed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient zoe = await LogInAsync(server, "Zoë");
        CometClient bob = await server.LoginAsync("bob");
        await zoe.StartAsync();
        await bob.StartAsync();
        Assert.True((await bob.SendAsync("one", to: typed)).IsOk);
        await bob.SendAsync($"/pm {typed} two");
        IReadOnlyList<CometItemView> read = await zoe.ReadUntilAsync(item => item.Text.EndsWith("two", StringComparison.Ordinal));
        Assert.Contains(read, item => item.Text == "Private message from bob: one");
        CometAnswer history = await bob.GetAsync("/chat/history/?with=" + Uri.EscapeDataString(typed));
        Assert.Equal(2, history.Response.GetArrayLength());
        Assert.True(history.Json.TryGetProperty("with_id", out _));

        await bob.SendAsync("/auth demopass");
        Assert.Contains("Zoë", await bob.AskAsync($"/admin info {typed}"), StringComparison.Ordinal);
        Assert.Equal($"{typed} may not speak for 9 seconds.", await bob.AskAsync($"/admin mute {typed} 9"));
        await bob.PostAsync("/chat/join/", ("room", "den"));
        Assert.True((await bob.PostAsync("/chat/room/invite/", ("room", "den"), ("nick", typed))).IsOk);
        await bob.SendAsync($"/admin ban {typed} out 60 person");
        Assert.Equal("bad_session", (await zoe.GetAsync("/chat/me/")).Error);
        LoginTests.AssertRefused(await AskAsync(server.Stranger(), typed), "You are banned from the chat server.");
        Assert.Equal("Removed ban.", await bob.AskAsync($"/admin unban {typed}"));
    }

    [Theory]
    [InlineData("zoë")]
    [InlineData("ZOE\u0308")]
    public async Task A_member_is_ignored_and_appointed_in_any_spelling_of_the_nick(string typed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient zoe = await LogInAsync(server, "Zoë");
        Assert.True((await zoe.PostAsync("/chat/register/", ("password", "a horse in the rain"))).IsOk);
        CometClient bob = await server.LoginAsync("bob");
        await zoe.StartAsync();
        await bob.StartAsync();
        Assert.Equal($"You ignore {typed} now.", await bob.AskAsync($"/ignore {typed}"));
        Assert.Equal("You ignore: Zoë", await bob.AskAsync("/ignored"));
        Assert.Equal($"You no longer ignore {typed}.", await bob.AskAsync($"/unignore {typed}"));
        await bob.SendAsync("/auth demopass");
        await bob.AskAsync($"/admin grant {typed}");
        Assert.True((await zoe.GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());
        await bob.AskAsync($"/admin revoke {typed}");
        Assert.False((await zoe.GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());
    }

    [Fact]
    public async Task A_member_of_any_script_logs_in_in_any_spelling()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient zoe = await LogInAsync(server, "Straße");
        Assert.True((await zoe.PostAsync("/chat/register/", ("password", "a horse in the rain"))).IsOk);
        CometAnswer answer = await server.Stranger().PostAsync(
            "/login/", ("nick", "STRASSE"), ("password", "a horse in the rain"), ("scripts", "any"));
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
    }

    private static async Task<CometClient> LogInAsync(ChatServerHost server, string nick)
    {
        CometClient client = server.Stranger();
        CometAnswer answer = await AskAsync(client, nick);
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        client.Token = answer.Token;
        return client;
    }

    private static Task<CometAnswer> AskAsync(CometClient client, string nick) =>
        client.PostAsync("/login/", ("nick", nick), ("scripts", "any"));
}
