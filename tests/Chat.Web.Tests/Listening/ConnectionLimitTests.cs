using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;

namespace ErlChat.Web.Tests.Listening;

/// <summary>Open connections, per address and in total.</summary>
public class ConnectionLimitTests
{
    private const string Hello = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

    // Previously, a single address could open connections until the process ran out of file descriptors and died.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_connections_of_an_address_are_limited_and_each_end_frees_one(bool lane)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:FastLane={lane}", "Limits:Connections:Address=3");
        RawHttp[] all = await OpenAsync(server, 3);
        using (RawHttp fourth = await RawHttp.ConnectAsync(server))
        {
            await fourth.SendAsync(Hello);
            RawAnswer refused = (await fourth.ReadAnswerAsync())!;
            Assert.Equal(429, refused.Status);
            Assert.Equal("10", refused.Headers["Retry-After"]);
            Assert.True(await fourth.IsClosedAsync());
        }

        using (RawHttp elsewhere = await RawHttp.ConnectAsync(server, "127.0.0.2"))
            Assert.Equal(200, await StatusOfAsync(elsewhere));
        all[0].Dispose();
        await Eventually.BeTrueAsync(() => HasPlace(server));
        Assert.Single(server.Logs.Of("LimitBegins"));
        foreach (RawHttp one in all)
            one.Dispose();
    }

    [Fact]
    public async Task The_connections_of_the_server_are_limited()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Limits:Connections:Server=3");
        RawHttp[] all = await OpenAsync(server, 3);
        using RawHttp fourth = await RawHttp.ConnectAsync(server, "127.0.0.2");
        await fourth.SendAsync(Hello);
        Assert.Equal(503, (await fourth.ReadAnswerAsync())!.Status);
        foreach (RawHttp one in all)
            one.Dispose();
        await Eventually.BeTrueAsync(() => HasPlace(server));
    }

    [Fact]
    public async Task A_trusted_proxys_connections_are_not_counted_by_its_address()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Limits:Connections:Address=3", "Chat:TrustedProxies=127.0.0.1");
        foreach (RawHttp one in await OpenAsync(server, 10))
            one.Dispose();
    }

    // Previously, the lane ignored this limit, which the framework documents.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kestrels_own_limit_is_honoured(bool lane)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            null,
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = 2),
            $"Chat:FastLane={lane}");
        RawHttp[] all = await OpenAsync(server, 2);
        using RawHttp third = await RawHttp.ConnectAsync(server);
        try
        {
            await third.SendAsync(Hello);
            Assert.Null(await third.ReadAnswerAsync());
        }
        catch (SocketException)
        {
            // The server closed the connection so soon that nothing could be sent.
        }

        foreach (RawHttp one in all)
            one.Dispose();
    }

    private static async Task<RawHttp[]> OpenAsync(ChatServerHost server, int count)
    {
        var all = new RawHttp[count];
        for (int i = 0; i < count; i++)
        {
            all[i] = await RawHttp.ConnectAsync(server);
            Assert.Equal(200, await StatusOfAsync(all[i]));
        }

        return all;
    }

    private static async Task<int> StatusOfAsync(RawHttp raw)
    {
        await raw.SendAsync(Hello);
        return (await raw.ReadAnswerAsync())!.Status;
    }

    private static bool HasPlace(ChatServerHost server)
    {
        using RawHttp raw = RawHttp.ConnectAsync(server).GetAwaiter().GetResult();
        return StatusOfAsync(raw).GetAwaiter().GetResult() == 200;
    }
}
