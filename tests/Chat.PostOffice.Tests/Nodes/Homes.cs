using ErlChat.Eviction;

namespace ErlChat.Tests;

/// <summary>Sweeps over the sessions of several nodes, under a clock that the test moves.</summary>
internal static class Homes
{
    /// <summary>Starts the sweeps of all nodes and waits for their timers.</summary>
    internal static async Task<IdleEviction[]> SweepAsync(Cluster cluster)
    {
        var evictions = new IdleEviction[cluster.Count];
        for (int i = 0; i < cluster.Count; i++)
        {
            int timers = cluster.Clock.Timers;
            evictions[i] = await cluster[i].StartEvictionAsync();
            await Eventually.BeTrueAsync(() => cluster.Clock.Timers == timers + 1);
        }

        return evictions;
    }

    /// <summary>Lets time pass in steps shorter than a sweep, with the sweeps that fall due, and their entries.</summary>
    internal static async Task PassAsync(Cluster cluster, TimeSpan time)
    {
        var step = TimeSpan.FromSeconds(1);
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            cluster.Clock.Advance(step);

            // A sweep decides on the thread pool. It need not be seen here whether there was one: time goes on in any case.
            for (int i = 0; i < 3; i++)
                await Task.Yield();
            await cluster.AppliedAsync();
        }
    }
}
