using System.Runtime.CompilerServices;
using ErlChat.Web.Heap;
using ErlChat.Web.Site;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Tests.Heap;

/// <summary>
/// Memory is released, once, after a burst. The heap belongs to the process, and other tests use it too, so the test looks again until the
/// moment comes.
/// </summary>
public class HeapTrimTests
{
    [Fact]
    public async Task After_a_burst_the_heap_is_trimmed_and_not_again_at_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrimHeap=false");
        using HeapTrim trim = TrimOf(server);
        Burst();
        Assert.False(trim.Look(), "The server was busy a moment ago.");
        await Eventually.BeTrueAsync(trim.Look, what: "the server is quiet and has the memory of a burst to release");
        Assert.False(trim.Look(), "There is nothing left to release.");
    }

    // Polls are served without allocating. Previously, messages to a thousand users ten times a second looked like a quiet time, and all of
    // them waited for the pause.
    [Fact]
    public async Task While_people_talk_the_server_is_not_quiet_even_if_little_is_allocated()
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
            Assert.False(trim.Look(), "A message was sent.");
        }

        await Eventually.BeTrueAsync(trim.Look, what: "the server is quiet and has the memory of a burst to release");
    }

    // Previously, all collections of a trim ran at once and delayed messages by 0.8 s with 18 500 parked polls.
    [Fact]
    public async Task After_each_collection_the_trim_rests_a_hundred_times_as_long_as_the_collection_took()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrimHeap=false");
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        using HeapTrim trim = TrimOf(server, percent: 1, clock);
        Burst();
        TimeSpan before = GC.GetTotalPauseDuration();
        await Eventually.BeTrueAsync(
            () => trim.Look() || trim.IsResting, what: "the server is quiet, and the first collection is over");
        TimeSpan longest = GC.GetTotalPauseDuration() - before;
        for (int i = 0; i < 5; i++)
            Assert.False(trim.Look(), "The trim did not rest.");
        Assert.True(trim.IsResting);
        clock.Advance(100 * longest);
        Assert.False(trim.IsResting);
    }

    private static HeapTrim TrimOf(ChatServerHost server, int percent = 100, TimeProvider? time = null)
    {
        var options = new WebOptions { TrimPausePercent = percent };
        return new HeapTrim(Options.Create(options), server.Office, time ?? TimeProvider.System, NullLogger<HeapTrim>.Instance);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Burst()
    {
        byte[][] garbage = [.. Enumerable.Range(0, 1000).Select(_ => new byte[64 * 1024])];
        GC.Collect();
        GC.KeepAlive(garbage);
    }
}
