using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ErlChat.Sessions;
using ErlChat.Submissions;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>Polls over a socket, with the lane and without it: the same to the client, and the ordinary pipeline sees those that it should.</summary>
public class LaneTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_that_a_client_does_works_on_one_connection(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, ChatServerHost.NoLimits);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        for (int i = 0; i < 20; i++)
        {
            Assert.True((await alice.SendMessageAsync($"line {i}")).IsOk);
            Assert.Equal($"line {i}", (await alice.PollAsync()).Items!.Single().Text);
            Assert.Equal("alice", (await alice.GetAsync("/chat/me/")).Response.GetProperty("nick").GetString());
        }

        Assert.Equal(lane ? 0 : 20, server.Ordinary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_what_comes_between_two_hundred_polls_nothing_is_lost_and_nothing_repeated(bool lane)
    {
        const int Polls = 200;
        await using LaneServer server = await LaneServer.StartAsync(lane, ChatServerHost.NoLimits);
        CometClient bob = await server.Host.LoginAsync("bob");
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        var read = new List<string>();
        int polls = 0;
        Task polling = Task.Run(async () =>
        {
            for (; read.Count < Polls * 2; polls++)
                read.AddRange((await alice.PollAsync()).Items!.Select(item => item.Text));
        });
        for (int i = 0; i < Polls * 2; i++)
        {
            // Every other one comes while perhaps nobody is parked.
            if (i % 2 == 0)
                await server.Host.ParkedAsync(1);
            Assert.True((await bob.SendAsync($"{i}")).IsOk);
        }

        await polling.WithinAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, Polls * 2).Select(i => $"{i}"), read);
        Assert.True(polls >= Polls);
        Assert.Equal(lane ? 0 : polls, server.Ordinary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_polls_in_one_write_are_answered_one_after_the_other(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        long id = (await alice.SendMessageAsync("one")).Id!.Value;
        await alice.Raw.SendAsync(alice.Poll + alice.PollFrom(id + 1));
        Assert.Equal("one", (await alice.ReadAsync()).Items!.Single().Text);

        // The second one parks.
        await server.Host.ParkedAsync(1);
        using LaneClient tab = await server.ConnectAsync();
        tab.Token = alice.Token;
        await tab.SendMessageAsync("two");
        Assert.Equal("two", (await alice.ReadAsync()).Items!.Single().Text);
        Assert.Equal(lane ? 0 : 2, server.Ordinary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_may_come_byte_by_byte(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.SendMessageAsync("hi");
        foreach (char one in alice.Poll)
        {
            await alice.Raw.SendAsync(one.ToString());
            await Task.Yield();
        }

        Assert.Equal("hi", (await alice.ReadAsync()).Items!.Single().Text);
        await alice.BeginPollAsync();
        await server.Host.ParkedAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Five_hundred_items_come_in_one_answer(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, [.. ChatServerHost.NoLimits, "Chat:MaxMailboxBytes=8000000", "Chat:MaxAnswerBytes=2000000", "Chat:MaxUnreadPerSession=2000000"]);
        CometClient bob = await server.Host.LoginAsync("bob");
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        string text = new('ü', 900);
        for (int i = 0; i < 500; i++)
            Assert.True((await bob.SendAsync($"{i} {text}")).IsOk);
        CometAnswer answer = await alice.PollAsync();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i} {text}"), answer.Items!.Select(item => item.Text));

        // The connection goes on.
        await alice.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        await bob.SendAsync("more");
        Assert.Equal("more", (await alice.ReadAsync()).Items!.Single().Text);
        Assert.Equal(lane ? 0 : 2, server.Ordinary);
    }

    [Theory]
    [InlineData("Chat:FastLane=true", 0)]
    [InlineData("AllowedHosts=*", 0)]
    [InlineData("Chat:FastLane=false", 1)]
    [InlineData("AllowedHosts=h", 0)]
    [InlineData("AllowedHosts=other;H", 0)]
    [InlineData("Chat:PublicUrl=http://h:8000", 0)]
    [InlineData("Chat:PublicUrl=https://other.example,http://h", 0)]
    public async Task It_is_used_where_it_may_be(string option, int ordinary)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane: true, option);
        using LaneClient nobody = await server.ConnectAsync();
        Assert.Equal("bad_session", (await nobody.PollAsync()).Error);
        Assert.Equal(ordinary, server.Ordinary);
    }

    [Theory]
    [InlineData("AllowedHosts=chat.example")]
    [InlineData("AllowedHosts=*.h")]
    [InlineData("Chat:PublicUrl=http://chat.example")]
    public async Task With_hosts_to_check_it_does_not_answer_to_another(string option)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane: true, option);
        using LaneClient nobody = await server.ConnectAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await nobody.PollAsync()).Status);
    }

    /// <summary>What the lane cannot know for certain the ordinary pipeline decides: whose a page is, and what a proxy says.</summary>
    [Theory]
    [InlineData("Referer: http://h/chat/", true)]
    [InlineData("Referer: http://h", true)]
    [InlineData("Referer: https://h/chat/", false)]
    [InlineData("Referer: http://h.evil.example/", false)]
    [InlineData("Referer: http://h@evil.example/", false)]
    [InlineData("Referer: http://h:8001/", false)]
    [InlineData("User-Agent: Mozilla/5.0 (X11)", false)]
    [InlineData("User-Agent: Mozilla/5.0 (X11)\r\nX-Requested-With: XMLHttpRequest", true)]
    [InlineData("User-Agent: Mozilla/5.0 (X11)\r\nReferer: http://h/chat/", true)]
    [InlineData("User-Agent: Mozilla/5.0 (X11)\r\nSec-Fetch-Site: same-origin", true)]
    [InlineData("User-Agent: curl/8.0", true)]
    [InlineData("X-Forwarded-Proto: https", true)]
    [InlineData("X-Forwarded-Proto: https\r\nReferer: http://h/chat/", false)]
    [InlineData("X-Forwarded-Host: other\r\nReferer: http://h/chat/", false)]
    [InlineData("X-Forwarded-Host: h\r\nX-Forwarded-Proto: http\r\nReferer: http://h/chat/", true)]
    [InlineData("X-Forwarded-Proto: https\r\nSec-Fetch-Site: same-origin\r\nCookie: chat_sess=x", false)]
    [InlineData("X-Forwarded-Proto: https\r\nSec-Fetch-Site: same-origin\r\nCookie: __Host-chat_sess=x", true)]
    [InlineData("X-Forwarded-Proto: https\r\nCookie: chat_sess=x", true)]
    public async Task It_takes_only_polls_that_are_certainly_of_this_site(string headers, bool lane)
    {
        // Not this client's own address: what comes from a proxy without a session goes the ordinary way anyhow, to be counted for its client.
        await using LaneServer server = await LaneServer.StartAsync(lane: true, "Chat:TrustedProxies=192.0.2.1");
        using LaneClient nobody = await server.ConnectAsync();
        await nobody.Raw.SendAsync($"GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n{headers}\r\n\r\n");
        await nobody.ReadAsync();
        Assert.Equal(lane ? 0 : 1, server.Ordinary);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Origin: http://evil.example")]
    public async Task What_another_site_sends_is_refused_as_ever(string header)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane: true);
        using LaneClient nobody = await server.ConnectAsync();
        await nobody.Raw.SendAsync($"GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n{header}\r\n\r\n");
        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.ReadAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_polls_are_in_the_metrics(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        var waits = new ConcurrentQueue<string>();
        using var meter = new MeterListener();
        var factory = server.Host.Services.GetRequiredService<IMeterFactory>();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "erlchat.wait.duration" && ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<double>((_, seconds, tags, _) => waits.Enqueue($"{tags[0].Value} {seconds}"));
        meter.Start();
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.SendMessageAsync("hi");
        await alice.PollAsync();
        await alice.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(15));
        await server.Host.Submissions.SubmitAsync(new Submission(SessionKey.Of(alice.Token!), "ho"));
        await alice.ReadAsync();
        await Eventually.BeTrueAsync(() => waits.Count == 2);
        Assert.Equal(["Mail 0", "Mail 15"], waits);
        Assert.Equal(lane ? 0 : 2, server.Ordinary);
    }
}
