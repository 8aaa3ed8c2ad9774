using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Web.Comet;

namespace ErlChat.Web.Tests;

/// <summary>The cookie that carries over a restart what a list has shown.</summary>
public class ListCookieTests
{
    private static readonly SessionKey s_session = SessionKey.Of("token");

    [Fact]
    public void What_is_written_is_read()
    {
        ShownList[] lists = [new(57, 57, 60, true), new(12, 60, 59, false), new(-1234567890123456, 61, 70, false)];
        string text = ListCookie.Format(s_session, lists);
        Assert.Matches("^[0-9a-f.-]+$", text);
        Assert.Equal(lists, ListCookie.Parse(text, s_session));
        Assert.Empty(ListCookie.Parse(text, SessionKey.Of("another")));
        Assert.Equal("", ListCookie.Format(s_session, []));
    }

    [Fact]
    public void It_has_room_for_the_newest()
    {
        ShownList[] lists = [.. Enumerable.Range(1, 20).Select(i => new ShownList(i + 50, i + 50, long.MaxValue, false))];
        Assert.Equal(lists[^ListCookie.MaxLists..], ListCookie.Parse(ListCookie.Format(s_session, lists), s_session));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("{0}")]
    [InlineData("{0}.1.1.1")]
    [InlineData("{0}.1.1.1.2")]
    [InlineData("{0}.1.1.1.1.")]
    [InlineData("{0}.1.1.x.1")]
    [InlineData("{0}.1. 1.1.1")]
    [InlineData("{0}.1.1.99999999999999999999.1")]
    [InlineData("x{0}.1.1.1.1")]
    [InlineData("{0}.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1")]
    public void What_is_malformed_counts_as_absent(string format) =>
        Assert.Empty(ListCookie.Parse(format.Replace("{0}", s_session.ToString()[..8], StringComparison.Ordinal), s_session));

    // It is there as long as there is something to hide only, and no client that sorts joins out by itself ever sees one.
    [Fact]
    public async Task It_is_set_when_there_is_something_to_remember()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = server.Stranger("alice");
        await alice.LoginAsync();
        CometAnswer start = await alice.StartAsync();
        Assert.False(start.Headers.ContainsKey("Set-Cookie"));
        await server.LoginAsync("bob");
        Assert.False((await alice.GetAsync("/chat/online/?joins=all")).Headers.ContainsKey("Set-Cookie"));
        CometAnswer online = await alice.GetAsync("/chat/online/");
        string cookie = online.Headers["Set-Cookie"];
        Assert.Matches(@"^chat_list=[0-9a-f]{8}\.2\.2\.2\.1; Path=/; HttpOnly; SameSite=Lax$", cookie);

        // A browser that has it is not told again; and it goes with the session.
        string kept = $"chat_sess={alice.Token}; {cookie.Split(';')[0]}";
        Assert.False((await alice.GetAsync("/chat/start/?joins=all", headers: ("Cookie", kept))).Headers.ContainsKey("Set-Cookie"));
        CometAnswer leave = await alice.GetAsync("/chat/leave/", headers: ("Cookie", kept));
        Assert.Contains("chat_list=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", leave.Headers["Set-Cookie"].Split('\n'));
    }

    // Nothing that it says reaches further than what its own sender is told.
    [Theory]
    [InlineData("chat_list={0}.7.7.999999.1")]
    [InlineData("chat_list={0}.-1234567890123456.1.999999.0")]
    [InlineData("chat_list={0}.1.1.1.1.0.0.0.0.-9223372036854775808.1.1.1")]
    [InlineData("chat_list=nonsense; chat_list=more")]
    public async Task A_forged_one_does_no_harm(string forged)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await bob.SendAsync("hi");
        string cookie = $"chat_sess={alice.Token}; " + forged.Replace("{0}", SessionKey.Of(alice.Token!).ToString()[..8], StringComparison.Ordinal);
        foreach (string path in (string[])["/chat/start/", "/chat/online/", "/chat/start/?joins=all"])
            Assert.True((await alice.GetAsync(path, headers: ("Cookie", cookie))).IsOk);
        CometAnswer read = await alice.GetAsync($"/chat/wait/?msg_id={alice.Cursor}", headers: ("Cookie", cookie));

        // The list has bob.
        Assert.Equal(["chat_msg bob hi"], read.Items!.Select(item => item.ToString()));
        Assert.Equal("resync", (await alice.GetAsync("/chat/wait/?msg_id=-7", headers: ("Cookie", cookie))).Error);
    }
}
