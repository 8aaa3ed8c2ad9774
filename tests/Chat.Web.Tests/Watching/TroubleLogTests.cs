using System.Net.Sockets;
using ErlChat.Log;
using ErlChat.Web.Tests.Flack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests.Watching;

/// <summary>
/// A problem that a stranger or a broken disk can cause again and again is logged in one line when it begins and one when it ends.
/// </summary>
public class TroubleLogTests
{
    [Fact]
    public async Task Rejected_peers_cause_two_lines_and_the_server_keeps_accepting()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:MaxConnections=1");
        using (Socket first = await host.ConnectAsync())
        {
            await first.SendAsync(new byte[1]).WithinAsync();
            await PeerHost.ReadAsync(first, 1);
            for (int i = 0; i < 50; i++)
            {
                using Socket more = await host.ConnectAsync();
                Assert.Empty(await PeerHost.ReadToEndAsync(more));
            }
        }

        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerTurnedAwayOver").Count == 1, TimeSpan.FromSeconds(20));
        Assert.Single(host.Server.Logs.Of("PeerTurnedAway"));
        Assert.Contains("50 were", host.Server.Logs.Of("PeerTurnedAwayOver")[0].Text, StringComparison.Ordinal);
        using Socket last = await host.ConnectAsync();
        await last.SendAsync(new byte[1]).WithinAsync();
        await PeerHost.ReadAsync(last, 1);
    }

    [Fact]
    public async Task A_failing_log_does_not_cause_a_line_for_each_message_and_leave()
    {
        var log = new RefusingLog();
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            null, builder => builder.Services.AddSingleton<IChatLog>(log), ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        FlackWire[] wires = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => FlackWire.LogInAsync(server, $"flack {i}")));
        log.Refuses = true;
        for (int i = 0; i < 200; i++)
            Assert.Equal("unavailable", (await alice.SendAsync($"{i}")).Error);
        foreach (FlackWire wire in wires)
            await wire.DisposeAsync();
        await Eventually.BeTrueAsync(() => server.Logs.Of("FlackLeaveRefused").Count > 0);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.Equal("FlackLeaveRefused", Assert.Single(server.Logs.Lines, line => line.Level > LogLevel.Information).EventName);
        log.Refuses = false;
        Assert.True((await alice.SendAsync("after")).IsOk);
    }
}
