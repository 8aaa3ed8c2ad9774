using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>One heartbeat serves all connections.</summary>
public class LaneFaultTests
{
    // Previously, an exception in one connection's heartbeat handler kept all connections after it from getting theirs, every second.
    [Fact]
    public async Task A_connection_whose_clock_fails_is_closed_and_the_heartbeat_continues()
    {
        await using OneLane lane = await OneLane.StartAsync();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isBehind = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await lane.SayAsync("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
        Task running = lane.RunBothWaysAsync(pipes =>
        {
            ((IConnectionHeartbeatFeature)pipes).OnHeartbeat(static _ => throw new InvalidOperationException("A bug."), new object());
            isBehind.SetResult();
            return end.Task;
        });
        await isBehind.Task.WithinAsync();
        lane.Beat();
        Assert.Equal("A bug.", lane.Aborted?.InnerException?.Message);
        end.SetResult();
        await running.WithinAsync();
    }
}
