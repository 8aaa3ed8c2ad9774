using System.Net.WebSockets;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Site;

/// <summary>The chat below a path, behind a proxy that forwards the path and behind one that strips it.</summary>
public class PathBaseTests
{
    private const string Base = "/talk";

    /// <summary>Previously, every address in a page began with the root of the host, where other people's pages are.</summary>
    [Theory]
    [InlineData(Base)]
    [InlineData("")]
    public async Task Pages_and_their_links_are_below_the_path(string passedOn)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PathBase=" + Base);
        CometClient stranger = server.Stranger();
        foreach (string page in (string[])["/", "/chat/", "/chat"])
        {
            CometAnswer answer = await stranger.GetAsync(passedOn + page);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Contains($"<html lang=\"en\" data-base=\"{Base}\">", answer.Body, StringComparison.Ordinal);
            string[] named = [.. System.Text.RegularExpressions.Regex.Matches(answer.Body, "(?:src|href|action)=\"(/[^\"]*)\"")
                .Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(named);
            Assert.All(named, address => Assert.StartsWith(Base + "/", address, StringComparison.Ordinal));
            foreach (string file in named.Where(address => address.Contains("/assets/", StringComparison.Ordinal)))
                Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(passedOn + file[Base.Length..])).Status);
        }
    }

    [Theory]
    [InlineData(Base, true)]
    [InlineData("", true)]
    [InlineData(Base, false)]
    public async Task A_session_lives_below_the_path(string passedOn, bool fastLane)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PathBase=" + Base, "Chat:FastLane=" + fastLane);
        CometClient alice = server.Stranger("alice");
        CometAnswer login = await alice.RequestAsync(HttpMethod.Post, passedOn + "/login/", CometClient.Form(("nick", "alice")), []);
        Assert.Equal(HttpStatusCode.Redirect, login.Status);
        Assert.Equal(Base + "/chat/", login.Headers["Location"]);
        Assert.EndsWith($"; Path={Base}; HttpOnly; SameSite=Lax", login.Headers["Set-Cookie"], StringComparison.Ordinal);
        alice.Token = login.Token;

        long cursor = (await alice.GetAsync(passedOn + "/chat/start/")).Response.GetInt64();
        Task<CometAnswer> poll = alice.GetAsync($"{passedOn}/chat/wait/?msg_id={cursor}");
        await server.ParkedAsync(1);
        Assert.True((await alice.PostAsync(passedOn + "/chat/send_msg/", ("msg", "hello"))).IsOk);
        Assert.Contains("hello", (await poll).Body, StringComparison.Ordinal);

        CometAnswer left = await alice.PostAsync(passedOn + "/chat/leave/");
        Assert.True(left.IsOk);
        Assert.Equal($"chat_sess=; Path={Base}; Max-Age=0; HttpOnly; SameSite=Lax", left.Headers["Set-Cookie"]);
    }

    /// <summary>A poll whose path includes the base is as cheap as any other: the fast lane answers it.</summary>
    [Theory]
    [InlineData(Base)]
    [InlineData("")]
    public async Task The_fast_lane_knows_the_path(string passedOn)
    {
        var ordinary = new CountedRequests();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            null, builder => builder.Services.AddSingleton<IStartupFilter>(ordinary), "Chat:PathBase=" + Base);
        RawAnswer? poll = await RawHttp.AskAsync(server, $"GET {passedOn}/chat/wait/?msg_id=0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("bad_session", poll!.Body, StringComparison.Ordinal);
        Assert.Equal(0, ordinary.Count);

        // Without the slash in between it is a different path.
        Assert.Equal(404, (await RawHttp.AskAsync(server, $"GET {Base}chat/wait/?msg_id=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"))!.Status);
        Assert.Equal(1, ordinary.Count);
    }

    [Theory]
    [InlineData(Base)]
    [InlineData("")]
    public async Task The_WebSocket_is_below_the_path(string passedOn)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PathBase=" + Base);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}{passedOn}/chat-server"), CancellationToken.None).WithinAsync();
        Assert.Equal(WebSocketState.Open, socket.State);
        socket.Abort();
    }

    /// <summary>Over https the name of the cookie requires the path /. Everything else on the host is trusted with the cookie.</summary>
    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_the_host()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:PathBase=" + Base, "Chat:TrustedProxies=127.0.0.1");
        CometAnswer login = await server.Stranger().LoginAsync("alice", ("X-Forwarded-Proto", "https"));
        Assert.StartsWith("__Host-chat_sess=", login.Headers["Set-Cookie"], StringComparison.Ordinal);
        Assert.EndsWith("; Path=/; HttpOnly; SameSite=Lax; Secure", login.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("talk", "must be a path such as /talk")]
    [InlineData("/talk/", "must be a path such as /talk")]
    [InlineData("/", "must be a path such as /talk")]
    [InlineData("//talk", "must be a path such as /talk")]
    [InlineData("/a b", "must be a path such as /talk")]
    [InlineData("/a/../b", "must be a path such as /talk")]
    [InlineData("/\"><script>", "must be a path such as /talk")]
    [InlineData("/chat", "must not begin with /chat")]
    [InlineData("/Login/x", "must not begin with /Login")]
    public void An_invalid_path_or_one_of_the_chats_own_is_refused_at_the_start(string path, string why)
    {
        var options = new WebOptions { PathBase = path };
        Microsoft.Extensions.Options.ValidateOptionsResult result = new WebOptionsRules().Validate(null, options);
        Assert.Contains(why, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/talk")]
    [InlineData("/our.site/talk-2")]
    [InlineData("/chat-app")]
    public void Other_paths_are_accepted(string path) =>
        Assert.True(new WebOptionsRules().Validate(null, new WebOptions { PathBase = path }).Succeeded);

    private sealed class CountedRequests : IStartupFilter
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(following => context =>
            {
                Interlocked.Increment(ref _count);
                return following(context);
            });
            next(app);
        };
    }
}
