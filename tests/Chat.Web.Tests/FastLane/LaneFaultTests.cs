using Microsoft.AspNetCore.Connections.Features;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>One clock beats for all connections.</summary>
public class LaneFaultTests
{
    // An exception in one connection's beat kept those behind it in the walk from theirs, every second.
    [Fact]
    public async Task A_connection_whose_clock_fails_is_ended_and_the_beat_goes_on()
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
