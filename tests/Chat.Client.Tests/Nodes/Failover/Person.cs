namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>A user who says something now and then until told to stop, and hears what others say.</summary>
internal abstract class Person : IAsyncDisposable
{
    private readonly List<(long Id, string Text)> _acknowledged = [];

    /// <summary>The messages that were acknowledged, each with its place in the log.</summary>
    internal IReadOnlyList<(long Id, string Text)> Acknowledged => _acknowledged;

    internal async Task TalkAsync(string name, Outages outages, Random random, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 12), TimeProvider.System, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            string text = $"{name}/{i}";
            long sent = TimeProvider.System.GetTimestamp();
            if (await SayAsync(text) is not { } id)
                continue;
            outages.Acknowledged(sent);
            _acknowledged.Add((id, text));
        }
    }

    /// <summary>Waits until this text has arrived.</summary>
    internal abstract Task HeardAsync(string text, TimeSpan limit);

    /// <summary>Fails unless this person has heard everything, once and in order.</summary>
    /// <param name="all">All messages in the order of the log.</param>
    internal abstract void Check(IReadOnlyList<(long Id, string Text)> all);

    public abstract ValueTask DisposeAsync();

    /// <summary>Says something.</summary>
    /// <returns>Its place in the log; null if it is not known whether it was said.</returns>
    internal abstract Task<long?> SayAsync(string text);
}
