namespace ErlChat.Web.Tests.Comet;

/// <summary>Logging in, and the reasons for refusing a login (docs/comet.md, clause 6).</summary>
public class LoginTests
{
    private const string Invalid = "The nickname must be alphanumeric and not blank.";
    private const string Taken = "The nickname is not available.";
    private const string Full = "Your host has too many connections to the chat server.";

    [Theory]
    [InlineData("bob", "bob")]
    [InlineData("  frank  ", "frank")]
    [InlineData("abcdefghijklmnopQRSTUV", "abcdefghijklmnop")]
    [InlineData("Gina7", "Gina7")]
    [InlineData("0", "0")]
    [InlineData("abcdefghijklmnop é", "abcdefghijklmnop")]
    public async Task A_nick_is_stripped_and_cut(string typed, string nick)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient client = server.Stranger();
        CometAnswer answer = await client.LoginAsync(typed);
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal("/chat/", answer.Headers["Location"]);
        Assert.Equal([nick], await client.OnlineAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\tbob")]
    [InlineData("a b")]
    [InlineData("<b>")]
    [InlineData("é")]
    [InlineData("nl\n")]
    [InlineData("!!")]
    [InlineData("bob\0")]
    [InlineData("a_b")]
    [InlineData("１２３")]
    [InlineData("\ufffe")]
    public async Task A_nick_with_any_other_character_is_refused(string typed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        AssertRefused(await server.Stranger().LoginAsync(typed), Invalid);
        Assert.Equal(0, server.Room.SessionCount);
    }

    [Fact]
    public async Task A_login_without_a_nick_is_refused()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        AssertRefused(await server.Stranger().PostAsync("/login/"), Invalid);
        AssertRefused(await server.Stranger().PostAsync("/login/", ("NICK", "bob")), Invalid);
        AssertRefused(await server.Stranger().PostAsync("/login/?nick=bob"), Invalid);
    }

    [Fact]
    public async Task The_first_of_two_nicks_counts()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient client = server.Stranger();
        CometAnswer answer = await client.PostAsync("/login/", ("nick", "first"), ("nick", "second"));
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        client.Token = answer.Token;
        Assert.Equal(["first"], await client.OnlineAsync());
    }

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("alice", "ALICE")]
    [InlineData("alice", " aLice ")]
    [InlineData("abcdefghijklmnopQRST", "abcdefghijklmnopZZZ")]
    public async Task A_nick_in_use_is_not_available_in_any_case(string first, string second)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = server.Stranger();
        await alice.LoginAsync(first);
        AssertRefused(await server.Stranger().LoginAsync(second), Taken);
        await alice.LeaveAsync();
        Assert.Equal(HttpStatusCode.Redirect, (await server.Stranger().LoginAsync(second)).Status);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("System")]
    [InlineData("ADMIN")]
    public async Task The_servers_own_names_are_not_available(string nick)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        AssertRefused(await server.Stranger().LoginAsync(nick), Taken);
    }

    [Fact]
    public async Task A_full_host_is_reported_even_for_an_invalid_or_taken_nick()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=1");
        await server.LoginAsync("alice");
        AssertRefused(await server.Stranger().LoginAsync("!!"), Full);
        AssertRefused(await server.Stranger().LoginAsync("alice"), Full);
        AssertRefused(await server.Stranger().LoginAsync("bob"), Full);
    }

    [Fact]
    public async Task The_refusal_shows_the_typed_nick_as_text()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().LoginAsync("\"><script>alert(1)</script>");
        AssertRefused(answer, Invalid);
        Assert.DoesNotContain("<script>alert", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>As in the original, the first session stays until it times out.</summary>
    [Fact]
    public async Task A_login_with_a_valid_cookie_makes_a_second_session()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient client = await server.LoginAsync("alice");
        string first = client.Token!;
        await client.LoginAsync("bob");
        Assert.NotEqual(first, client.Token);
        Assert.Equal(["bob", "alice"], await client.OnlineAsync());
    }

    [Fact]
    public async Task Of_concurrent_logins_for_one_nick_exactly_one_wins()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient witness = await server.LoginAsync("witness");
        for (int round = 0; round < 10; round++)
        {
            string nick = $"nick{round}";
            CometClient[] rivals = [.. Enumerable.Range(0, 12).Select(i => server.Stranger(i % 2 == 0 ? nick : nick.ToUpperInvariant()))];
            CometAnswer[] answers = await Task.WhenAll(rivals.Select(one => Task.Run(() => one.LoginAsync())))
                .WithinAsync(TimeSpan.FromSeconds(20));
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.Redirect);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Redirect), answer => AssertRefused(answer, Taken));
            CometClient winner = rivals.Single(one => one.Token is not null);
            Assert.Equal([winner.Nick, "witness"], await winner.OnlineAsync());
            await winner.LeaveAsync();
        }

        Assert.Equal(20, (await witness.ReadAsync()).Count);
    }

    internal static void AssertRefused(CometAnswer answer, string text)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Null(answer.Token);
        Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains(text, answer.Body, StringComparison.Ordinal);
        Assert.Contains("name=\"nick\"", answer.Body, StringComparison.Ordinal);
    }
}
