using System.Text;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>
/// Kestrel's own limits, as its documentation lists them below <c>Kestrel:Limits</c>. Kestrel itself reads none of them from the
/// configuration, and previously the lane knew only one: <c>MaxConcurrentConnections=5</c> admitted any number. Each limit must hold, both
/// with the lane and without it.
/// </summary>
public class KestrelLimitTests
{
    private const string Poll = "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n";

    [Theory]
    [InlineData("Kestrel:Limits:MaxRequestLineSize=30", Poll + "\r\n", 414)]
    [InlineData("Kestrel:Limits:MaxRequestLineSize=60", Poll + "\r\n", 200)]
    [InlineData("Kestrel:Limits:MaxRequestHeadersTotalSize=40", Poll + "A: 0123456789012345678901234567890123456789\r\n\r\n", 431)]
    [InlineData("Kestrel:Limits:MaxRequestHeadersTotalSize=80", Poll + "A: 0123456789012345678901234567890123456789\r\n\r\n", 200)]
    [InlineData("Kestrel:Limits:MaxRequestHeaderCount=3", Poll + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", 431)]
    [InlineData("Kestrel:Limits:MaxRequestHeaderCount=4", Poll + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", 200)]
    [InlineData(
        "Kestrel:Limits:MaxRequestBodySize=10",
        "POST /login/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nnick=somebo",
        413)]
    [InlineData("Kestrel:Limits:RequestHeadersTimeout=1s", "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHo", 408)]
    [InlineData(
        "Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=1.5s",
        "POST /login/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nn",
        408)]
    [InlineData("Kestrel:AddServerHeader=true", Poll + "\r\n", 200)]
    [InlineData("Kestrel:AllowHostHeaderOverride=true", "GET http://other/chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n\r\n", 200)]
    [InlineData("Kestrel:EndpointDefaults:Protocols=Http2", Poll + "\r\n", 400)]
    public async Task The_lane_and_the_pipeline_answer_alike(string option, string request, int status)
    {
        (int Status, string Head) lane = await AskAsync(lane: true, option, request);
        (int Status, string Head) ordinary = await AskAsync(lane: false, option, request);
        Assert.Equal(status, ordinary.Status);
        Assert.Equal(ordinary, lane);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_configured_endpoint_may_refuse_http_1(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(
            lane, "Kestrel:Endpoints:One:Url=http://127.0.0.1:0", "Kestrel:Endpoints:One:Protocols=Http2");
        RawAnswer? answer = await RawHttp.AskAsync(server.Host, Poll + "\r\n");
        Assert.Equal(400, answer!.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_over_the_maximum_are_closed(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, "Kestrel:Limits:MaxConcurrentConnections=2");
        using RawHttp first = await RawHttp.ConnectAsync(server.Host);
        using RawHttp second = await RawHttp.ConnectAsync(server.Host);
        foreach (RawHttp one in new[] { first, second })
        {
            await one.SendAsync(Poll + "\r\n");
            Assert.Equal(200, (await one.ReadAnswerAsync())!.Status);
        }

        using (RawHttp third = await RawHttp.ConnectAsync(server.Host))
            Assert.True(await third.IsClosedAsync());
        second.Dispose();

        // A free place can be used again. When the server notices that a place is free is not predictable.
        Assert.True(await Eventually(async () =>
        {
            using RawHttp next = await RawHttp.ConnectAsync(server.Host);
            await next.SendAsync(Poll + "\r\n");
            return await next.ReadAnswerAsync() is { Status: 200 };
        }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upgraded_connections_over_the_maximum_are_refused_without_a_stack_trace(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, "Kestrel:Limits:MaxConcurrentUpgradedConnections=1");
        const string upgrade =
            "GET /chat-server HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        using RawHttp first = await RawHttp.ConnectAsync(server.Host);
        await first.SendAsync(upgrade);
        Assert.Equal(101, (await first.ReadAnswerAsync())!.Status);
        RawAnswer? refused = await RawHttp.AskAsync(server.Host, upgrade);
        Assert.Equal((503, "10"), (refused!.Status, refused.Headers["Retry-After"]));
        Assert.False(refused.Headers.ContainsKey("Sec-WebSocket-Accept"));
    }

    [Theory]
    [InlineData(true, "1s", true)]
    [InlineData(false, "1s", true)]
    [InlineData(true, "3650000d", false)]
    [InlineData(true, "-00:00:00.001", false)]
    public async Task A_quiet_connection_is_closed_after_its_time_out(bool lane, string limit, bool ends)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, $"Kestrel:Limits:KeepAliveTimeout={limit}");
        using RawHttp quiet = await RawHttp.ConnectAsync(server.Host);
        await quiet.SendAsync(Poll + "\r\n");
        Assert.Equal(200, (await quiet.ReadAnswerAsync())!.Status);
        if (ends)
        {
            Assert.True(await quiet.IsClosedAsync());
            return;
        }

        // Long enough for two heartbeats. Previously, a time-out of ten thousand years expired at once, because its end cannot be
        // represented.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System);
        await quiet.SendAsync(Poll + "\r\n");
        Assert.Equal(200, (await quiet.ReadAnswerAsync())!.Status);
    }

    // The default is 240 bytes per second, which is far slower than Chat:SendTimeout allows.
    [Theory]
    [InlineData("Kestrel:Limits:MinResponseDataRate:BytesPerSecond=240", 10)]
    [InlineData("Kestrel:Limits:MinResponseDataRate=", 10)]
    [InlineData("Kestrel:Limits:MinResponseDataRate:BytesPerSecond=16384", 6)]
    [InlineData("Kestrel:Limits:MinResponseDataRate:BytesPerSecond=1000000", 5)]
    public async Task The_minimum_response_rate_applies_to_the_lane_too(string option, double seconds)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(option);
        Assert.Equal(
            TimeSpan.FromSeconds(seconds), ((Web.FastLane.Lane)server.Services.GetService(typeof(Web.FastLane.Lane))!).SendTimeout);
    }

    private static async Task<(int Status, string Head)> AskAsync(bool lane, string option, string request)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, option);
        using RawHttp raw = await RawHttp.ConnectAsync(server.Host);
        await raw.SendAsync(Encoding.Latin1.GetBytes(request));
        RawAnswer answer = await raw.ReadAnswerAsync() ?? throw new InvalidOperationException("The server closed.");
        IEnumerable<string> headers = answer.Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {header.Value}");
        return (answer.Status, string.Join('\n', headers) + answer.Body);
    }

    private static async Task<bool> Eventually(Func<Task<bool>> isTrue)
    {
        for (int tries = 0; tries < 50; tries++)
        {
            if (await isTrue())
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return false;
    }
}
