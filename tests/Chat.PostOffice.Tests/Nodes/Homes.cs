using ErlChat.Eviction;

namespace ErlChat.Tests;

/// <summary>Sweeps over the sessions of several nodes, under a clock that the test moves.</summary>
internal sealed class Homes(Cluster cluster)
{
    private readonly List<IdleEviction> _evictions = [];
    private TimeSpan _passed;

    internal IdleEviction this[int node] => _evictions[node];

    /// <summary>Starts the sweeps of all nodes and waits for their timers.</summary>
    internal static async Task<Homes> SweepAsync(Cluster cluster)
    {
        var homes = new Homes(cluster);
        for (int i = 0; i < cluster.Count; i++)
        {
            int timers = cluster.Clock.Timers;
            homes._evictions.Add(await cluster[i].StartEvictionAsync());
            await Eventually.BeTrueAsync(() => cluster.Clock.Timers == timers + 1);
        }

        return homes;
    }

    /// <summary>Lets time pass second by second. Waits for the sweeps that fall due, and until their entries have been applied.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        var step = TimeSpan.FromSeconds(1);
        for (TimeSpan end = _passed + time; _passed < end;)
        {
            cluster.Clock.Advance(step);
            _passed += step;
            for (int i = 0; i < _evictions.Count; i++)
            {
                IdleEviction eviction = _evictions[i];
                long due = (long)(_passed / eviction.Period);
                await Eventually.BeTrueAsync(() => eviction.Sweeps >= due, what: $"node-{i} has made {due} sweeps");
            }

            await cluster.AppliedAsync();
        }
    }
}
