using System.Runtime.CompilerServices;
using ErlChat.Web.Heap;
using ErlChat.Web.Site;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Heap;

/// <summary>Memory is given back, once, after a burst. The heap is the process's, and other tests use it too; so this looks again until its moment comes.</summary>
public class HeapTrimTests
{
    [Fact]
    public async Task After_a_burst_the_heap_is_trimmed_and_not_again_at_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrimHeap=false");
        using HeapTrim trim = TrimOf(server);
        Burst();
        Assert.False(trim.Look(), "Just now it was not quiet.");
        await Eventually.BeTrueAsync(trim.Look, what: "it is quiet, and there is a burst's memory to give back");
        Assert.False(trim.Look(), "There is nothing left to give back.");
    }

    // Polls are served without allocating, so what was said to a thousand people ten times a second looked like quiet, and they all waited for the pause.
    [Fact]
    public async Task While_people_talk_it_is_not_quiet_however_little_is_allocated()
    {
        const int People = 110;
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:TrimHeap=false"]);
        CometClient speaker = await server.LoginAsync("speaker");
        for (int i = 1; i < People; i++)
            await server.LoginAsync($"p{i}");
        using HeapTrim trim = TrimOf(server);
        Burst();
        trim.Look();
        for (int i = 0; i < 30; i++)
        {
            Assert.True((await speaker.SendAsync($"{i}")).IsOk);
            Assert.False(trim.Look(), "Somebody spoke.");
        }

        await Eventually.BeTrueAsync(trim.Look, what: "it is quiet, and there is a burst's memory to give back");
    }

    // All collections of a trim at once delayed messages by 0.8 s with 18 500 parked polls.
    [Fact]
    public async Task After_each_collection_it_rests_a_hundred_times_as_long_as_that_took()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrimHeap=false");
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        using HeapTrim trim = TrimOf(server, percent: 1, clock);
        Burst();
        TimeSpan before = GC.GetTotalPauseDuration();
        await Eventually.BeTrueAsync(() => trim.Look() || trim.IsResting, what: "it is quiet, and the first collection is over");
        TimeSpan longest = GC.GetTotalPauseDuration() - before;
        for (int i = 0; i < 5; i++)
            Assert.False(trim.Look(), "It did not rest.");
        Assert.True(trim.IsResting);
        clock.Advance(100 * longest);
        Assert.False(trim.IsResting);
    }

    private static HeapTrim TrimOf(ChatServerHost server, int percent = 100, TimeProvider? time = null) =>
        new(Options.Create(new WebOptions { TrimPausePercent = percent }), server.Office, time ?? TimeProvider.System, NullLogger<HeapTrim>.Instance);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Burst()
    {
        byte[][] garbage = [.. Enumerable.Range(0, 1000).Select(_ => new byte[64 * 1024])];
        GC.Collect();
        GC.KeepAlive(garbage);
    }
}
