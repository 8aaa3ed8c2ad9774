using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Web.Tests.FastLane;

namespace ErlChat.Web.Tests;

/// <summary>What a poll costs: nothing while it waits or moves on; otherwise a read, and over the limit time.</summary>
public class PollLimitTests
{
    private static readonly string[] s_few = ["Limits:Reads:Session:Count=10", "Limits:Reads:Session:Window=00:00:10", "Limits:LongestDelay=00:00:05"];

    // The same poll again and again was answered as fast as it was asked, up to a megabyte each time.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_that_asks_the_same_again_is_answered_late_once_the_reads_are_gone(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, s_few);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.SendMessageAsync("hi");
        long from = alice.Cursor;
        CometAnswer first = await alice.PollAsync();

        // start and the message cost two.
        for (int i = 0; i < 8; i++)
        {
            alice.Cursor = from;
            Assert.Equal(first.Body, (await alice.PollAsync()).Body);
        }

        for (int i = 0; i < 3; i++)
        {
            alice.Cursor = from;
            await alice.BeginPollAsync();
            Task<CometAnswer> late = alice.ReadAsync();
            await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System));
            server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            CometAnswer answer = await late.WithinAsync();
            Assert.Equal((first.Status, first.Body), (answer.Status, answer.Body));
        }
    }

    [Theory]
    [InlineData(true, "?msg_id=-1")]
    [InlineData(true, "?msg_id=1000")]
    [InlineData(true, "?msg_id=1&epoch=other")]
    [InlineData(false, "?msg_id=1000")]
    [InlineData(false, "?msg_id=1&epoch=other")]
    public async Task So_is_one_that_must_resync(bool lane, string query)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, s_few);
        CometClient alice = await server.Host.LoginAsync("alice");
        for (int i = 0; i < 9; i++)
            Assert.Equal("resync", (await alice.WaitAsync(query)).Error);
        Task<CometAnswer> late = alice.WaitAsync(query);
        await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("resync", (await late).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_moves_on_costs_nothing_however_many(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, [.. s_few, "Chat:RateLimitCount=1000"]);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        CometClient bob = await server.Host.LoginAsync("bob");
        for (int i = 0; i < 8; i++)
            Assert.True((await bob.SendAsync($"{i}")).IsOk);
        await alice.PollAsync();
        for (int i = 0; i < 50; i++)
        {
            Task<CometAnswer> poll = alice.PollAsync();
            await server.Host.ParkedAsync(1);
            Outcome? said = await server.Host.Submissions.SubmitAsync(new Submission(SessionKey.Of(bob.Token!), $"{i}"));
            Assert.IsType<Accepted>(said);
            Assert.Equal($"{i}", (await poll.WithinAsync()).Items!.Single().Text);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_session_it_is_refused_once_the_addresss_reads_are_gone(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, "Limits:Reads:Address:Count=10", "Limits:Reads:Address:Window=00:00:10");
        using LaneClient nobody = await server.ConnectAsync();
        nobody.Token = "gone";
        for (int i = 0; i < 10; i++)
            Assert.Equal("bad_session", (await nobody.PollAsync()).Error);
        CometAnswer refused = await nobody.PollAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, "{\"status\":\"error\",\"response\":\"rate_limited\",\"retry_after\":1}"), (refused.Status, refused.Body));
        Assert.Equal("1", refused.Headers["Retry-After"]);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("bad_session", (await nobody.PollAsync()).Error);
    }

    // A fifth poll ends the oldest: whoever repeats what was ended goes round as fast as it can.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_another_ended_costs_a_read_too(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, [.. s_few, "Chat:MaxWaitsPerSession=1"]);
        using LaneClient one = await server.ConnectAsync();
        await one.LoginAsync("alice");
        using LaneClient other = await server.ConnectAsync();
        (other.Token, other.Cursor) = (one.Token, one.Cursor);
        LaneClient[] both = [one, other];
        await one.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        for (int i = 1; i <= 9; i++)
        {
            await both[i % 2].BeginPollAsync();
            Assert.Equal("superseded", (await both[(i + 1) % 2].ReadAsync()).Error);
        }

        await one.BeginPollAsync();
        Task<CometAnswer> late = other.ReadAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("superseded", (await late).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_stop_does_not_wait_for_what_is_answered_late(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, s_few);
        CometClient alice = await server.Host.LoginAsync("alice");
        for (int i = 0; i < 9; i++)
            await alice.WaitAsync("?msg_id=-1");
        Task<CometAnswer> late = alice.WaitAsync("?msg_id=-1");
        await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        long started = TimeProvider.System.GetTimestamp();
        await server.Host.StopAsync();
        Assert.Equal("resync", (await late).Error);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
    }
}
