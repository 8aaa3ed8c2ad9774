using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Comet;

/// <summary>"ann is typing" over HTTP: polls that ask for it hear of it, and it is nowhere else.</summary>
public class TypingTests
{
    private static readonly string[] s_roomy = ["Chat:PollTimeout=00:00:02", "Chat:PollJitter=00:00:00", .. ChatServerHost.NoLimits];

    [Fact]
    public async Task A_parked_poll_that_asks_is_told_and_its_position_stays()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_roomy);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        string annId = (await ann.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        Task<CometAnswer> asking = PollAsync(bob, 0);
        Task<CometAnswer> old = bob.WaitAsync($"?msg_id={bob.Cursor}");
        await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        Assert.Equal("""{"status":"ok","response":""}""", (await ann.PostAsync("/chat/typing/", ("room", "lobby"))).Body);

        CometAnswer told = await asking;
        long number = told.Json.GetProperty("typing").GetProperty("number").GetInt64();
        Assert.Equal(
            $$$"""{"status":"ok","response":[],"typing":{"number":{{{number}}},"nick":"ann","user_id":"{{{annId}}}","""
                + "\"room\":\"lobby\",\"on\":true}}",
            told.Body);
        Assert.Equal(told.Body, (await PollAsync(bob, 0)).Body);
        Assert.Equal("""{"status":"ok","response":"reconnect"}""", (await old).Body);
        Assert.Equal("""{"status":"ok","response":"reconnect"}""", (await PollAsync(bob, number)).Body);

        // It took no id: the next message has the one after the last.
        long id = (await ann.SendAsync("done")).Id!.Value;
        Assert.Equal(bob.Cursor, id);
        Assert.Equal([id], (await bob.ReadAsync()).Select(item => item.Id));
    }

    [Fact]
    public async Task In_private_only_the_other_is_told_and_not_if_it_ignores_the_typist()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(["Chat:TypingLifetime=00:00:00.500", .. s_roomy]);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        CometClient cid = await server.LoginAsync("cid");
        string bobId = (await bob.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        await bob.ReadUntilAsync(item => item.Data.GetRawText() == "\"cid\"");
        (Task<CometAnswer> forBob, Task<CometAnswer> forCid) = (PollAsync(bob, 0), PollAsync(cid, 0));
        Assert.True((await ann.PostAsync("/chat/typing/", ("with", bobId))).IsOk);
        JsonElement told = (await forBob).Json.GetProperty("typing");
        Assert.Equal("ann", told.GetProperty("nick").GetString());
        Assert.False(told.TryGetProperty("room", out _));
        Assert.False((await forCid).Json.TryGetProperty("typing", out _));

        await bob.AskAsync("/ignore ann");
        await Task.Delay(TimeSpan.FromMilliseconds(1200), TimeProvider.System);
        forBob = PollAsync(bob, told.GetProperty("number").GetInt64());
        Assert.True((await ann.PostAsync("/chat/typing/", ("with", bobId))).IsOk);
        Assert.False((await forBob).Json.TryGetProperty("typing", out _));
    }

    [Fact]
    public async Task It_is_refused_like_speaking_and_does_nothing_where_it_is_off()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_roomy);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        await ann.PostAsync("/chat/join/", ("room", "den"));
        Assert.Equal("not_in_room", await RefusedAsync(bob, ("room", "den")));
        Assert.Equal("no_such_user", await RefusedAsync(bob, ("with", "nobody")));
        Assert.Equal("bad_request", await RefusedAsync(bob, ("on", "2")));
        await bob.PostAsync("/chat/join/", ("room", "den"));
        await ann.PostAsync("/chat/room/change/", ("room", "den"), ("locked", "1"));
        Assert.Equal("room_locked", await RefusedAsync(bob, ("room", "den")));

        await using ChatServerHost off = await ChatServerHost.StartAsync(["Chat:TypingLifetime=00:00:00", .. s_roomy]);
        (CometClient cid, CometClient dan) = (await off.LoginAsync("cid"), await off.LoginAsync("dan"));
        Assert.Equal(0, (await cid.GetAsync("/chat/me/")).Response.GetProperty("limits").GetProperty("typing").GetDouble());
        Assert.True((await cid.PostAsync("/chat/typing/")).IsOk);
        Assert.Equal("""{"status":"ok","response":"reconnect"}""", (await PollAsync(dan, 0)).Body);
    }

    [Fact]
    public async Task A_poll_that_never_says_what_it_saw_soon_waits_again()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_roomy);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        Assert.True((await ann.PostAsync("/chat/typing/")).IsOk);
        int told = 0;
        while ((await PollAsync(bob, 0)).Json.TryGetProperty("typing", out _))
            Assert.InRange(++told, 1, 4);
        Assert.Equal(4, told);
    }

    // A mailbox takes a signal per second.
    [Fact]
    public async Task Whoever_was_typing_can_say_once_to_have_stopped()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_roomy);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        Assert.Equal(0, await HeardAsync("0", seen: 0));
        long typing = await HeardAsync("1", seen: 0);
        await Task.Delay(TimeSpan.FromMilliseconds(1100), TimeProvider.System);
        long stopped = await HeardAsync("0", typing);
        Assert.True(typing > 0 && stopped > typing);
        await Task.Delay(TimeSpan.FromMilliseconds(1100), TimeProvider.System);
        Assert.Equal(0, await HeardAsync("0", stopped));

        async Task<long> HeardAsync(string on, long seen)
        {
            Assert.True((await ann.PostAsync("/chat/typing/", ("on", on))).IsOk);
            bool isTold = (await PollAsync(bob, seen)).Json.TryGetProperty("typing", out JsonElement signal);
            Assert.Equal(isTold, isTold && signal.GetProperty("on").GetBoolean() == (on == "1"));
            return isTold ? signal.GetProperty("number").GetInt64() : 0;
        }
    }

    [Fact]
    public async Task In_a_room_of_more_people_than_the_limit_nobody_is_told()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            ["Chat:MaxTypingAudience=2", "Chat:TypingLifetime=00:00:03", .. s_roomy]);
        (CometClient ann, CometClient bob) = (await server.LoginAsync("ann"), await server.LoginAsync("bob"));
        string bobId = (await bob.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        foreach (CometClient client in (CometClient[])[ann, bob])
            Assert.True((await client.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        long seen = 0;
        Assert.Equal("lobby", await ToldAsync(("room", "lobby")));
        await server.LoginAsync("cid");
        Assert.Null(await ToldAsync(("room", "lobby")));

        // It is the number of people of that room, not of the chat.
        Assert.Equal("den", await ToldAsync(("room", "den")));
        Assert.Equal("", await ToldAsync(("with", bobId)));

        async Task<string?> ToldAsync((string, string) where)
        {
            await bob.StartAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(1100), TimeProvider.System);
            Task<CometAnswer> poll = PollAsync(bob, seen);
            Assert.True((await ann.PostAsync("/chat/typing/", where)).IsOk);
            if (!(await poll).Json.TryGetProperty("typing", out JsonElement signal))
                return null;
            seen = signal.GetProperty("number").GetInt64();
            return signal.TryGetProperty("room", out JsonElement room) ? room.GetString() : "";
        }
    }

    private static Task<CometAnswer> PollAsync(CometClient client, long seen) => client.WaitAsync(string.Create(
        CultureInfo.InvariantCulture, $"?msg_id={client.Cursor}&joins=all&typing={seen}"));

    private static async Task<string> RefusedAsync(CometClient client, params (string, string)[] fields) =>
        (await client.PostAsync("/chat/typing/", fields)).Response.GetString()!;
}
