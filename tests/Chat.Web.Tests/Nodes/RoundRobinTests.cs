using System.Globalization;
using ErlChat.Log;
using ErlChat.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests;

/// <summary>Three servers over one log, and clients that use another one with every request.</summary>
public sealed class RoundRobinTests : IAsyncLifetime
{
    private readonly SharedLog _log = new();
    private readonly List<NodeLog> _views = [];
    private readonly List<ChatServerHost> _servers = [];

    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            NodeLog view = _log.View();
            _views.Add(view);
            string name = $"node-{i}";
            void Configure(WebApplicationBuilder builder) =>
                builder.Services.AddSingleton<IChatLog>(view).AddSingleton<INodes>(new TestNodes(name));
            _servers.Add(await ChatServerHost.StartAsync(null, Configure, [.. ChatServerHost.NoLimits, "Chat:HeadWait=00:00:05"]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeLog view in _views)
            view.Release();
        foreach (ChatServerHost server in _servers)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task A_login_is_known_to_the_other_servers_at_once()
    {
        _views[1].Hold();
        _views[2].Hold();
        CometClient bob = _servers[0].Stranger("bob");
        await bob.LoginAsync();
        Task<CometAnswer> start = At(1, bob).StartAsync();
        Task<CometAnswer> send = At(2, bob).SendAsync("words");
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(start.IsCompleted || send.IsCompleted);
        _views[1].Release();
        _views[2].Release();
        Assert.True((await start).IsOk);
        Assert.True((await send).IsOk);
    }

    // Over the fast lane, which leaves polls of unknown sessions to the ordinary pipeline.
    [Fact]
    public async Task A_first_poll_may_go_to_a_server_that_has_not_heard_of_the_login()
    {
        CometClient bob = _servers[0].Stranger("bob");
        _views[1].Hold();
        await bob.LoginAsync();
        await bob.StartAsync();
        CometClient other = At(1, bob);
        Task<CometAnswer> poll = other.WaitAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(poll.IsCompleted);
        _views[1].Release();
        await bob.SendAsync("words");
        Assert.Contains("words", (await poll).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_waits_for_a_server_that_is_behind()
    {
        CometClient bob = await _servers[0].LoginAsync("bob");
        await CaughtUpAsync();
        _views[1].Hold();
        await bob.SendAsync("first");
        Assert.Contains("first", (await bob.WaitAsync()).Body, StringComparison.Ordinal);
        Task<CometAnswer> poll = At(1, bob).WaitAsync();
        await bob.SendAsync("second");
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(poll.IsCompleted);
        _views[1].Release();
        string body = (await poll).Body;
        Assert.Contains("second", body, StringComparison.Ordinal);
        Assert.DoesNotContain("first", body, StringComparison.Ordinal);
    }

    // A client that restarts after a gap got its position from one server and its history from another one, which had not applied the
    // newest entries yet. What was between them was lost. A client in the failover soak never heard a message that way.
    [Theory]
    [InlineData("/chat/history/?room=lobby&before={0}", "in the lobby")]
    [InlineData("/chat/history/?with=*&before={0}", "in private")]
    [InlineData("/chat/search/?q=lobby&before={0}", "in the lobby")]
    [InlineData("/chat/me/?seen={0}", "den")]
    [InlineData("/chat/rooms/?seen={0}", "den")]
    [InlineData("/chat/online/?joins=all&seen={0}", "alice")]
    public async Task A_server_that_is_behind_does_not_answer_before_it_knows_what_the_client_has_seen(string path, string news)
    {
        CometClient bob = await _servers[0].LoginAsync("bob");
        await CaughtUpAsync();
        _views[1].Hold();
        await _servers[0].LoginAsync("alice");
        Assert.True((await bob.SendAsync("in the lobby")).IsOk);
        Assert.True((await bob.SendAsync("in private", to: "alice")).IsOk);
        Assert.True((await bob.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        long seen = (await bob.GetAsync("/chat/start/?joins=all")).Response.GetInt64();
        Task<CometAnswer> answer = At(1, bob).GetAsync(string.Format(CultureInfo.InvariantCulture, path, seen));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(answer.IsCompleted);
        _views[1].Release();
        Assert.Contains(news, (await answer).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_behind_says_so_and_a_number_above_every_id_does_not_wait()
    {
        CometClient bob = await _servers[0].LoginAsync("bob");
        await CaughtUpAsync();
        _views[1].Hold();
        await bob.SendAsync("words");
        long seen = (await bob.GetAsync("/chat/start/?joins=all")).Response.GetInt64();
        CometClient there = At(1, bob);
        Assert.True((await there.GetAsync("/chat/history/?before=9007199254740991")).IsOk);
        Assert.Equal("unavailable", (await there.GetAsync($"/chat/history/?before={seen}")).Error);
        Assert.Equal("bad_request", (await there.GetAsync("/chat/history/?before=x")).Error);
    }

    // A link to a message is often followed a moment after it was written.
    [Theory]
    [InlineData("/chat/message/?id={0}")]
    [InlineData("/chat/history/?room=lobby&around={0}")]
    public async Task A_server_that_is_behind_waits_for_a_message_that_it_is_asked_for(string path)
    {
        CometClient bob = await _servers[0].LoginAsync("bob");
        await CaughtUpAsync();
        _views[1].Hold();
        long id = (await bob.SendAsync("a fresh one")).Id!.Value;
        CometClient there = At(1, bob);
        Task<CometAnswer> answer = there.GetAsync(string.Format(CultureInfo.InvariantCulture, path, id));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(answer.IsCompleted);
        _views[1].Release();
        Assert.Contains("a fresh one", (await answer).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_behind_does_not_say_that_a_message_does_not_exist()
    {
        CometClient bob = await _servers[0].LoginAsync("bob");
        await CaughtUpAsync();
        CometClient there = At(1, bob);
        Assert.Equal("no_such_message", (await there.GetAsync("/chat/message/?id=1000000")).Error);
        Assert.True((await there.GetAsync("/chat/history/?around=1000000")).IsOk);
        _views[1].Hold();
        long id = (await bob.SendAsync("a fresh one")).Id!.Value;
        Task<CometAnswer>[] answers =
            [there.GetAsync($"/chat/message/?id={id}"), there.GetAsync($"/chat/history/?room=lobby&around={id}")];
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("unavailable", answer.Error));

        // Nor when something is to be done with it.
        string fresh = id.ToString(CultureInfo.InvariantCulture);
        Task<CometAnswer>[] refusals =
        [
            there.PostAsync("/chat/edit_msg/", ("id", fresh), ("msg", "fresher")),
            there.PostAsync("/chat/react/", ("id", fresh), ("emoji", "👍")),
            there.PostAsync("/chat/send_msg/", ("msg", "an answer"), ("reply_to", fresh)),
        ];
        Assert.All(await Task.WhenAll(refusals), answer => Assert.Equal("unavailable", answer.Error));
    }

    // Regression: on a busy machine, clients were told that their new sessions had ended. They logged in again, found their own nicks in
    // use, and were gone.
    [Fact]
    public async Task A_server_that_stays_behind_does_not_say_that_a_session_has_ended()
    {
        _views[1].Hold();
        CometClient bob = await _servers[0].LoginAsync("bob");
        CometClient there = At(1, bob);
        foreach (CometAnswer answer in await Task.WhenAll(there.GetAsync("/chat/me/"), there.GetAsync("/chat/wait/?msg_id=0")))
        {
            // The client of 2009 polls again after this status, but never after an error that comes with 200.
            Assert.Equal(("unavailable", HttpStatusCode.ServiceUnavailable), (answer.Error, answer.Status));
        }

        _views[1].Release();
        Assert.True((await there.GetAsync("/chat/me/")).IsOk);
    }

    [Fact]
    public async Task An_unknown_session_is_refused_as_ever()
    {
        CometClient stranger = _servers[0].Stranger();
        stranger.Token = "nobody-has-this-token";
        Assert.Equal("bad_session", (await stranger.WaitAsync("?msg_id=1")).Error);
        Assert.Equal("bad_session", (await stranger.GetAsync("/chat/me")).Error);
    }

    // The cookie carries what the list has shown. The server that polls has never seen the list.
    [Fact]
    public async Task A_list_of_one_server_is_not_repeated_by_the_next()
    {
        CometClient bob = _servers[0].Stranger("bob");
        await bob.LoginAsync();
        string cookie = $"chat_sess={bob.Token}";
        CometAnswer start = await GetAsync(1, "/chat/start/");
        long cursor = start.Response.GetInt64();
        await _servers[0].LoginAsync("early");
        CometAnswer online = await GetAsync(2, "/chat/online/");
        Assert.Contains("early", online.Body, StringComparison.Ordinal);
        await _servers[0].LoginAsync("late");
        await CaughtUpAsync();
        CometAnswer poll = await GetAsync(0, $"/chat/wait/?msg_id={cursor}");
        Assert.Contains("late", poll.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("early", poll.Body, StringComparison.Ordinal);

        async Task<CometAnswer> GetAsync(int server, string path)
        {
            CometAnswer answer = await _servers[server].Stranger().GetAsync(path, null, ("Cookie", cookie));
            Assert.True(answer.IsOk, answer.Body);
            if (answer.Headers.TryGetValue("Set-Cookie", out string? set) && set.StartsWith("chat_list=", StringComparison.Ordinal))
                cookie = $"chat_sess={bob.Token}; {set[..set.IndexOf(';', StringComparison.Ordinal)]}";
            return answer;
        }
    }

    /// <summary>The same client at another server.</summary>
    private CometClient At(int server, CometClient client)
    {
        CometClient there = _servers[server].Stranger(client.Nick);
        (there.Token, there.Cursor) = (client.Token, client.Cursor);
        return there;
    }

    private async Task CaughtUpAsync()
    {
        long newest = _log.Newest;
        foreach (ChatServerHost server in _servers)
            await Eventually.BeTrueAsync(() => server.Office.Head >= newest);
    }
}
