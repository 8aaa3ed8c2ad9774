using System.Text.RegularExpressions;

namespace ErlChat.Web.Tests.Requests;

/// <summary>The cookie that carries a session (docs/comet.md, clause 7).</summary>
public partial class SessionCookieTests
{
    [Fact]
    public async Task It_has_256_random_bits_and_scripts_and_other_sites_cannot_use_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer one = await server.Stranger().LoginAsync("alice");
        CometAnswer other = await server.Stranger().LoginAsync("bob");
        Assert.Matches(Cookie(), one.Headers["Set-Cookie"]);
        Assert.NotEqual(one.Token, other.Token);
    }

    [Fact]
    public async Task Over_https_it_is_secure()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrustedProxies=127.0.0.1");
        CometClient alice = server.Stranger();
        CometAnswer answer = await alice.LoginAsync("alice", ("X-Forwarded-Proto", "https"));
        Assert.EndsWith("; Path=/; HttpOnly; SameSite=Lax; Secure", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
        CometAnswer plain = await server.Stranger().LoginAsync("bob", ("X-Forwarded-Proto", "http"));
        Assert.DoesNotContain("Secure", plain.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_trusted_cannot_make_it_secure()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().LoginAsync("alice", ("X-Forwarded-Proto", "https"));
        Assert.DoesNotContain("Secure", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_removes_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.StartsWith("chat_sess=; Path=/; Max-Age=0", (await alice.LeaveAsync()).Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat_sess={0}", true)]
    [InlineData("chat_sess=\"{0}\"", true)]
    [InlineData("a=b; chat_sess={0}; c=d", true)]
    [InlineData("a=b;chat_sess={0};c=d", true)]
    [InlineData("chat_sess={0}; chat_sess=other", true)]
    [InlineData("chat_sess=other; chat_sess={0}", false)]
    [InlineData("chat_sess=; chat_sess={0}", false)]
    [InlineData("CHAT_SESS={0}", false)]
    [InlineData("Chat_sess={0}", false)]
    [InlineData("xchat_sess={0}", false)]
    [InlineData("chat_sess={0}x", false)]
    [InlineData("chat_sess", false)]
    [InlineData("chat_sess=", false)]
    [InlineData("chat_sess=\"", false)]
    [InlineData("chat_sess=\"\"", false)]
    [InlineData("=; ;;; =\"=", false)]
    [InlineData("{0}", false)]
    public async Task It_is_parsed_as_the_original_parsed_it(string header, bool found)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string cookie = header.Replace("{0}", alice.Token, StringComparison.Ordinal);
        CometAnswer answer = await alice.GetAsync("/chat/start/", headers: ("Cookie", cookie));
        Assert.Equal(found, answer.IsOk);
        Assert.Equal(found ? null : "bad_session", answer.Error);
    }

    [Fact]
    public async Task Its_value_is_case_sensitive()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string token = alice.Token!;
        alice.Token = new string([.. token.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))]);
        Assert.Equal("bad_session", (await alice.StartAsync()).Error);
    }

    // The page asks for this. Without it, a browser that is closed forgets the session, and its user cannot come back.
    [Fact]
    public async Task A_client_that_keeps_it_gets_it_for_400_days()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        var client = await server.LoginAsync("alice", keeps: true);
        CometAnswer answer = await client.PostAsync("/login/", ("nick", "other"), ("keep", "1"));
        Assert.EndsWith("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [GeneratedRegex("^chat_sess=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax$")]
    private static partial Regex Cookie();
}
