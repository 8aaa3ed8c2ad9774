using System.Threading.RateLimiting;
using ErlChat.Limits;

namespace ErlChat.Tests;

/// <summary>The token bucket behind every rate limit.</summary>
public class BucketLimiterTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void A_disposed_lease_is_returned_once_and_any_other_is_spent()
    {
        using BucketLimiter bucket = Create(2, 1);
        RateLimitLease lease = bucket.AttemptAcquire();
        lease.Dispose();
        lease.Dispose();
        Assert.True(bucket.AttemptAcquire().IsAcquired);
        Assert.True(bucket.AttemptAcquire().IsAcquired);
        Assert.False(bucket.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public void A_full_bucket_grants_more_than_its_size_and_the_rest_is_owed()
    {
        using BucketLimiter bucket = Create(10, 10);
        Assert.True(bucket.AttemptAcquire(25).IsAcquired);
        Assert.Equal(TimeSpan.FromSeconds(16), WaitOf(bucket.AttemptAcquire()));
        _clock.Advance(TimeSpan.FromSeconds(16));
        Assert.True(bucket.AttemptAcquire().IsAcquired);
        Assert.Equal(TimeSpan.FromSeconds(10), WaitOf(bucket.AttemptAcquire(25)));
    }

    [Fact]
    public void What_has_been_used_elsewhere_is_taken_whatever_is_left_up_to_sixteen_buckets()
    {
        using BucketLimiter bucket = Create(10, 10);
        for (int i = 0; i < 3; i++)
            Assert.True(bucket.AttemptAcquire(BucketLimiter.Owing + 10).IsAcquired);
        Assert.Equal(TimeSpan.FromSeconds(21), WaitOf(bucket.AttemptAcquire()));
        for (int i = 0; i < 50; i++)
            Assert.True(bucket.AttemptAcquire(BucketLimiter.Owing + 10).IsAcquired);
        Assert.Equal(TimeSpan.FromSeconds(161), WaitOf(bucket.AttemptAcquire()));
        _clock.Advance(TimeSpan.FromSeconds(161));
        Assert.True(bucket.AttemptAcquire().IsAcquired);
    }

    [Theory]
    [InlineData(RateOptions.MaxCount, 3600)]
    [InlineData(1, 3600)]
    [InlineData(RateOptions.MaxCount, 0.01)]
    public void The_largest_buckets_can_owe(int count, double seconds)
    {
        using BucketLimiter bucket = Create(count, seconds);
        for (int i = 0; i < 20; i++)
            Assert.True(bucket.AttemptAcquire(BucketLimiter.Owing + RateOptions.MaxCount).IsAcquired);
        TimeSpan wait = WaitOf(bucket.AttemptAcquire());
        _clock.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(bucket.AttemptAcquire().IsAcquired);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(bucket.AttemptAcquire().IsAcquired);
    }

    // The framework forgets idle partitions. Forgetting one that is not full would refill it.
    [Fact]
    public void It_is_idle_only_while_it_is_full()
    {
        using BucketLimiter bucket = Create(10, 10);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), bucket.IdleDuration);
        _ = bucket.AttemptAcquire(10);
        Assert.Null(bucket.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Null(bucket.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(3.2));
        Assert.InRange(bucket.IdleDuration!.Value.TotalSeconds, 2.9, 3.1);
    }

    [Fact]
    public async Task Waiting_callers_pay_at_once_so_later_ones_wait_longer_but_no_longer_than_the_longest_delay()
    {
        using BucketLimiter bucket = Create(10, 10, delay: 3);
        _ = bucket.AttemptAcquire(10);
        Task<RateLimitLease>[] all = [.. Enumerable.Range(0, 6).Select(_ => bucket.AcquireAsync().AsTask())];
        for (int second = 1; second <= 3; second++)
        {
            Assert.Equal(second - 1, all.Count(task => task.IsCompleted));
            _clock.Advance(TimeSpan.FromSeconds(1));
            await all[second - 1].WithinAsync();
        }

        await Task.WhenAll(all).WithinAsync();
    }

    // However many threads acquire at once, they never get more than there is, and they get all of it.
    [Fact]
    public async Task Racing_threads_never_get_more_than_the_bucket_has() => await Seeds.RunAsync(async seed =>
    {
        Console.WriteLine($"{Seeds.Variable}={seed}");
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            int count = random.Next(1, 5000);
            using BucketLimiter bucket = Create(count, 60);
            int[] seeds = [.. Enumerable.Range(0, 4).Select(_ => random.Next())];
            long[] got = await Task.WhenAll(seeds.Select(own => Task.Run(() => Take(bucket, new Random(own))))).WithinAsync();
            Assert.Equal(count, got.Sum());
        }

        // Takes permits until none are left, and returns some on the way.
        static long Take(BucketLimiter bucket, Random random)
        {
            long got = 0;
            while (true)
            {
                RateLimitLease lease = bucket.AttemptAcquire();
                if (!lease.IsAcquired)
                    return got;
                if (random.Next(10) == 0)
                    lease.Dispose();
                else
                    got++;
            }
        }
    });

    [Fact]
    public async Task Racing_connections_return_their_places() => await Seeds.RunAsync(async seed =>
    {
        Console.WriteLine($"{Seeds.Variable}={seed}");
        var random = new Random(seed);
        var options = new LimitOptions();
        options.Connections.Address = 20;
        options.Connections.Server = 50;
        await using TestChat chat = await new TestChatBuilder().WithRealTime().WithLimits(options).StartAsync();
        int[] seeds = [.. Enumerable.Range(0, 4).Select(_ => random.Next())];
        int open = 0;
        int most = 0;
        await Task.WhenAll(seeds.Select(own => Task.Run(() =>
        {
            var mine = new Random(own);
            var places = new Stack<IDisposable>();
            for (int i = 0; i < 20_000; i++)
            {
                if (mine.Next(2) == 0 && places.TryPop(out IDisposable? place))
                {
                    Interlocked.Decrement(ref open);
                    place.Dispose();
                }
                else if (chat.Admission.Connect($"192.0.2.{mine.Next(4)}", out _) is { } taken)
                {
                    places.Push(taken);
                    most = Math.Max(most, Interlocked.Increment(ref open));
                }
            }

            foreach (IDisposable place in places)
            {
                Interlocked.Decrement(ref open);
                place.Dispose();
            }
        }))).WithinAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(most, 1, 50);

        // All places are free again: 20 for one address, 50 in total.
        Assert.Equal(20, Count("192.0.2.9", 30));
        Assert.Equal(20, Count("192.0.2.8", 30));
        Assert.Equal(10, Count("192.0.2.7", 30));

        int Count(string host, int tries) =>
            Enumerable.Range(0, tries).Count(_ => chat.Admission.Connect(host, out LimitScope _) is not null);
    });

    [Fact]
    public void Connections_leave_open_files_for_the_rest()
    {
        Assert.Equal(768, OpenFiles.ConnectionsFor(1024, used: 0));
        Assert.Equal(518, OpenFiles.ConnectionsFor(1024, used: 250));
        Assert.Equal(18_000, OpenFiles.ConnectionsFor(20_000, used: 250));
        Assert.Equal(16, OpenFiles.ConnectionsFor(100, used: 0));
        Assert.Equal(0, OpenFiles.ConnectionsFor(null, used: 0));
    }

    private static TimeSpan WaitOf(RateLimitLease lease)
    {
        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait));
        return wait;
    }

    private BucketLimiter Create(int count, double seconds, double delay = 0) =>
        new(count, TimeSpan.FromSeconds(seconds), default, _clock, TimeSpan.FromSeconds(delay));
}
