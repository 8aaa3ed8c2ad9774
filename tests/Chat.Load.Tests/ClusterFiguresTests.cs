using System.Diagnostics;
using ErlChat.Load.Measures;
using ErlChat.Load.Servers;

namespace ErlChat.Load.Tests;

/// <summary>What is computed from the CPU time of several processes.</summary>
public class ClusterFiguresTests
{
    [Fact]
    public void What_an_idle_cluster_uses_in_the_same_time_does_not_count()
    {
        var idle = new ClusterCpu([Ms(30), Ms(0)], Ms(60), Ms(9), TimeSpan.FromSeconds(3));
        ClusterCpu used = new ClusterCpu([Ms(110), Ms(205)], Ms(40), Ms(7), TimeSpan.FromSeconds(11))
            .Since(new ClusterCpu([Ms(50), Ms(5)], Ms(10), Ms(2), TimeSpan.FromSeconds(10)))
            .Without(idle);
        Assert.Equal([Ms(50), Ms(200)], used.Nodes);
        Assert.Equal((Ms(10), Ms(5), TimeSpan.FromSeconds(1)), (used.Database, used.Client, used.Time));
        Assert.Equal((Ms(250), Ms(200)), (used.AllNodes, used.BusiestNode));
        Assert.Equal(TimeSpan.Zero, (used with { Database = Ms(3) }).Without(idle).Database);
    }

    // 20 messages to 1 000 polls: 300 ms on one node, 100 ms on the other.
    [Fact]
    public void The_busiest_node_limits_what_several_can_deliver()
    {
        var fanOut = new FanOutFigures(Listeners: 1000, Rounds: 20, 1, 2, 3, Cpu: 20, ClientCpu: 10);
        var used = new ClusterCpu([Ms(300), Ms(100)], Ms(20), Ms(0), TimeSpan.FromSeconds(1));
        var figures = new SpreadFigures(fanOut, used, used);
        Assert.Equal(20, figures.Delivery, 6);
        Assert.Equal(15, figures.BusiestNode, 6);
        Assert.Equal(133_333, figures.DeliveriesOn(2), 0);
    }

    [Fact]
    public void A_start_without_entries_does_not_count_as_replay()
    {
        var empty = new StartFigures("an empty log", 0.5, 0);
        Assert.Null(empty.RateAbove(empty));
        Assert.Equal(100_000, new StartFigures("200,000 entries", 2.5, 200_000).RateAbove(empty));
        Assert.Null(new StartFigures("faster than nothing", 0.4, 10).RateAbove(empty));
    }

    [Fact]
    public void The_time_of_ended_children_is_found_whatever_the_program_is_called() => Assert.Equal(
        TimeSpan.FromSeconds(1.5),
        ProcessCpu.OfEnded("17 (a) b 9 (c) S 1 17 17 0 -1 4194560 2401 51012 0 12 7 9 100 50 20 0 1 0 1234 225000000 4567\n"));

    [Fact]
    public async Task The_time_of_children_counts_while_they_run_and_after_they_have_ended()
    {
        const string Work = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"sh -c '{Work}; read line'; echo; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        while (Family() < Ms(20))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        TimeSpan running = Family();
        await shell.StandardInput.WriteLineAsync();
        await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(Family() >= running - Ms(10), "The time was forgotten with the child.");
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        TimeSpan Family() => ProcessCpu.OfFamily(shell.Id);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
