using System.Diagnostics;

namespace ErlChat.Tests;

/// <summary>The cost of remembering many addresses, and that they are forgotten: an IPv6 client can have any number of them.</summary>
[Trait("Category", "Soak")]
public class PartitionSoakTests
{
    private const int Addresses = 20_000;

    [Fact]
    public async Task Twenty_thousand_addresses_cost_little_and_are_forgotten()
    {
        await using TestChat chat = await new TestChatBuilder().WithRealTime().StartAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Addresses; i++)
            _ = chat.Admission.Read(null, $"192.0.{i / 250}.{i % 250}");
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        using var process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        process.Refresh();
        double share = (process.TotalProcessorTime - cpu).TotalSeconds / 5;

        // A full bucket is forgotten after 10 s. What remains is the capacity of the tables.
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        long after = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{Addresses} addresses: {held / Addresses} bytes each, {share:P1} of a core; "
            + $"left behind {after / 1024} KiB of {held / 1024}.");
        Assert.InRange(held / Addresses, 1, 1500);
        Assert.InRange(share, 0, 0.15);
        Assert.InRange(after, long.MinValue, held / 2);
    }
}
