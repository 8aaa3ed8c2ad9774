using System.Net.Sockets;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>How long a connection may be quiet, and a client take for its answers.</summary>
public class LaneClockTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    // The clock of the lane is the test's, the heartbeat that looks at it is Kestrel's: once a second.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_quiet_connection_is_closed(bool polledBefore)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane: true);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        using LaneClient nobody = await server.ConnectAsync();
        if (polledBefore)
            await nobody.PollAsync();
        Task<bool> closed = nobody.Raw.IsClosedAsync();

        // How long it has been served already is not to be seen from outside.
        for (int i = 0; i < 8 && !closed.IsCompleted; i++)
        {
            server.Host.Clock.Advance(TimeSpan.FromSeconds(131));
            await Task.WhenAny(closed, Task.Delay(s_soon, TimeProvider.System));
        }

        Assert.True(await closed.WithinAsync());
    }

    // Kestrel's own clock runs from the end of the ordinary request on, and nothing public stops it: it took the poll for quiet, and closed the connection behind its answer.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_behind_an_ordinary_request_may_last_longer_than_quiet_may(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, null, s_soon);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        await server.Host.Submissions.SubmitAsync(new Submission(SessionKey.Of(alice.Token!), "at last"));
        Assert.Equal("at last", (await alice.ReadAsync()).Items!.Single().Text);

        await alice.SendMessageAsync("once more");
        Assert.Equal("once more", (await alice.PollAsync()).Items!.Single().Text);
        Assert.True(await alice.Raw.IsClosedAsync());
        Assert.Equal(lane ? 0 : 2, server.Ordinary);
    }

    // Blank lines before a request are nothing to Kestrel: whoever sends them is still quiet.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Blank_lines_behind_a_poll_do_not_keep_a_quiet_connection(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, null, s_soon);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.SendMessageAsync("hi");
        await alice.PollAsync();
        await alice.Raw.SendAsync("\r\n");
        Assert.True(await alice.Raw.IsClosedAsync());
    }

    [Fact]
    public async Task A_client_that_takes_no_answers_is_ended()
    {
        // So few that their heads come in one piece: a head in two would end the lane for this connection.
        const int Polls = 20;
        await using LaneServer server = await LaneServer.StartStillAsync(lane: true, [.. ChatServerHost.NoLimits, "Chat:IdleLimit=1.00:00:00"]);
        server.Host.Clock.Advance(s_soon);
        CometClient alice = await server.Host.LoginAsync("alice");
        for (int i = 0; i < 170; i++)
            await alice.SendAsync(new string('ü', 1900));
        using LaneClient greedy = await server.ConnectAsync(alice);
        await greedy.Raw.SendAsync(string.Concat(Enumerable.Repeat(greedy.Poll, Polls)));

        // 13 MB of answers, of which the sockets hold some. It is gone when what is sent to it comes back as a reset.
        bool gone = false;
        for (int i = 0; i < 10 && !gone; i++)
        {
            await Task.Delay(s_soon, TimeProvider.System);
            server.Host.Clock.Advance(TimeSpan.FromSeconds(131));
            try
            {
                await greedy.Raw.SendAsync("G");
            }
            catch (SocketException)
            {
                gone = true;
            }
        }

        Assert.True(gone);
        Assert.Equal(0, server.Ordinary);
    }
}
