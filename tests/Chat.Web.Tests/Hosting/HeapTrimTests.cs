using System.Runtime.CompilerServices;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests;

/// <summary>Memory is given back, once, after a burst. The heap is the process's, and other tests use it too; so this looks again until its moment comes.</summary>
public class HeapTrimTests
{
    [Fact]
    public async Task After_a_burst_the_heap_is_trimmed_and_not_again_at_once()
    {
        using var trim = new HeapTrim(Options.Create(new WebOptions()), TimeProvider.System, NullLogger<HeapTrim>.Instance);
        Burst();
        Assert.False(trim.Look(), "Just now it was not quiet.");
        await Eventually.BeTrueAsync(trim.Look, what: "it is quiet, and there is a burst's memory to give back");
        Assert.False(trim.Look(), "There is nothing left to give back.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Burst()
    {
        byte[][] garbage = [.. Enumerable.Range(0, 1000).Select(_ => new byte[64 * 1024])];
        GC.Collect();
        GC.KeepAlive(garbage);
    }
}
