using System.Text.RegularExpressions;

namespace ErlChat.Web.Tests.Comet;

/// <summary>The envelope, the items, and which client gets which item (docs/comet.md, clause 2).</summary>
public partial class ItemTests
{
    [Fact]
    public async Task Joins_messages_and_leaves_reach_the_right_users()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.SendAsync("hi");
        await bob.SendAsync("ho");
        await bob.LeaveAsync();
        IReadOnlyList<CometItemView> items = await alice.ReadAsync();
        Assert.Equal(
            ["user_joined_room bob", "sent_chat_msg alice hi", "chat_msg bob ho", "user_left_room bob normal"],
            items.Select(item => item.ToString()));
    }

    [Fact]
    public async Task A_new_user_does_not_get_its_own_join_and_a_sender_gets_its_message_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = server.Stranger("bob");
        await bob.LoginAsync();
        await bob.SendAsync("ho");
        Assert.Equal(["sent_chat_msg bob ho"], (await bob.WaitAsync("?msg_id=0")).Items!.Select(item => item.ToString()));
        Assert.Equal(["user_joined_room bob", "chat_msg bob ho"], (await alice.ReadAsync()).Select(item => item.ToString()));
    }

    [Fact]
    public async Task An_answer_has_the_originals_bytes_with_new_members_at_the_end()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        long id = (await bob.SendAsync("a \"b\" <c> / \t é😀")).Id!.Value;
        CometAnswer answer = await alice.WaitAsync();
        Assert.Equal(
            "{\"status\":\"ok\",\"response\":[{\"id\":" + (alice.Cursor - 2)
            + ",\"t\":\"user_joined_room\",\"d\":\"bob\",\"at\":\"2026-11-20T07:00:00.000Z\"},{\"id\":" + id
            + ",\"t\":\"chat_msg\",\"d\":{\"nick\":\"bob\",\"msg\":\"a \\\"b\\\" <c> / \\t é😀\"},"
            + "\"at\":\"2026-11-20T07:00:00.000Z\"}]}",
            answer.Body);
    }

    [Fact]
    public async Task Answers_that_are_not_items_match_the_original_byte_for_byte()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PollTimeout=00:00:00.1", "Chat:PollJitter=00:00:00");
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal("{\"status\":\"ok\",\"response\":\"reconnect\"}", (await alice.WaitAsync()).Body);
        Assert.Equal("{\"status\":\"ok\",\"response\":\"\"}", (await alice.SendAsync("")).Body);
        Assert.Matches(StartAnswer(), (await alice.StartAsync()).Body);
        Assert.Matches(SendAnswer(), (await alice.SendAsync("x")).Body);
        Assert.StartsWith(
            "{\"status\":\"ok\",\"response\":[\"alice\"]", (await alice.GetAsync("/chat/online/")).Body, StringComparison.Ordinal);
        Assert.Equal("{\"status\":\"ok\",\"response\":\"\"}", (await alice.LeaveAsync()).Body);
    }

    [Theory]
    [InlineData("/chat/start/")]
    [InlineData("/chat/online/")]
    [InlineData("/chat/wait/?msg_id=0")]
    [InlineData("/chat/me/")]
    [InlineData("/chat/rooms/")]
    [InlineData("/chat/history/")]
    public async Task Without_a_session_every_call_gets_bad_session_with_status_200(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\"}", answer.Body);
    }

    [Fact]
    public async Task Without_a_session_sending_is_refused_and_leaving_succeeds()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient nobody = server.Stranger();
        Assert.Equal("bad_session", (await nobody.SendAsync("hi")).Error);
        Assert.Equal("bad_session", (await nobody.PostAsync("/chat/join/", ("room", "den"))).Error);
        Assert.Equal("bad_session", (await nobody.PostAsync("/chat/part/", ("room", "den"))).Error);
        Assert.Equal("{\"status\":\"ok\",\"response\":\"\"}", (await nobody.LeaveAsync()).Body);
        Assert.Equal("{\"status\":\"ok\",\"response\":\"\"}", (await nobody.GetAsync("/chat/leave/")).Body);
    }

    /// <summary>Anyone can call leave. The log may be on disk, so calls without a session must not write to it.</summary>
    [Fact]
    public async Task Leaving_without_a_session_writes_nothing_to_the_log()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient nobody = server.Stranger();
        string before = server.Picture();
        await nobody.LeaveAsync();
        nobody.Token = "garbage";
        await nobody.LeaveAsync();
        Assert.Equal(before, server.Picture());
    }

    [Fact]
    public async Task Online_lists_the_most_recently_active_first()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await server.LoginAsync("carol");
        Assert.Equal(["carol", "bob", "alice"], await alice.OnlineAsync());
        await alice.SendAsync("hi");
        await bob.SendAsync("ho");
        Assert.Equal(["bob", "alice", "carol"], await alice.OnlineAsync());
    }

    [Fact]
    public async Task Me_returns_the_callers_own_nick()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxMessageLength=256");
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer me = await alice.GetAsync("/chat/me/");
        Assert.Equal("alice", me.Response.GetProperty("nick").GetString());
        Assert.False(me.Response.GetProperty("admin").GetBoolean());
        Assert.Equal(256, me.Response.GetProperty("limits").GetProperty("message").GetInt32());
        Assert.DoesNotContain(alice.Token!, me.Body, StringComparison.Ordinal);
    }

    [GeneratedRegex("^\\{\"status\":\"ok\",\"response\":\\d+,\"epoch\":\"[^\"]+\"\\}$")]
    private static partial Regex StartAnswer();

    [GeneratedRegex("^\\{\"status\":\"ok\",\"response\":\"\",\"id\":\\d+\\}$")]
    private static partial Regex SendAnswer();
}
