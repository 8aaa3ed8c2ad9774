using System.Globalization;
using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>How long a node takes until it is ready: with an empty log, with a whole one to replay, and with a snapshot.</summary>
internal static class NodeStart
{
    private const string Name = "node1";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    /// <param name="sessions">How many sessions there are.</param>
    /// <param name="entries">How many messages the log has.</param>
    /// <param name="newer">How many messages come after the snapshot.</param>
    internal static async Task<IReadOnlyList<StartFigures>> RunAsync(
        Reactor reactor, NodeCluster cluster, int sessions, int entries, int newer, Action<string> say, CancellationToken cancellationToken)
    {
        var figures = new List<StartFigures>();

        // The first start creates the tables.
        await StopAsync();
        await StartAsync("an empty log", 0);
        var peer = new ClusterPeer(cluster.Nodes, cluster.Nodes);
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, sessions, talkers: 1, cancellationToken);
        await crowd.EnterAsync(cancellationToken);
        await StopAsync();

        await FillAsync(cluster, entries);
        await cluster.QueryAsync("TRUNCATE snapshot, snapshot_part");
        await StartAsync(Text($"{sessions:N0} sessions, {entries:N0} messages, no snapshot"), sessions + entries);

        // The next entry makes the node save a snapshot.
        await crowd.Talkers[0].ConnectAsync(cluster.Nodes[0].Port);
        crowd.Talkers[0].Say(1);
        while (await cluster.QueryAsync("SELECT count(*) FROM snapshot") == "0")
        {
            await reactor.DelayAsync(s_look);
            cancellationToken.ThrowIfCancellationRequested();
        }

        crowd.CheckTalkers();
        await StopAsync();
        await FillAsync(cluster, newer);
        await StartAsync(Text($"{sessions:N0} sessions, a snapshot, {newer:N0} messages after it"), newer);
        return figures;

        Task StopAsync() => cluster.StopNodeAsync(cluster.Nodes[0], cancellationToken);

        async Task StartAsync(string what, int replayed)
        {
            long started = Clock.Now;
            await cluster.StartNodeAsync(Name, cancellationToken);
            figures.Add(new StartFigures(what, Clock.Seconds(Clock.Now - started), replayed));
            say(figures[^1].ToString());
        }
    }

    /// <summary>Repeats the newest message in the log, a millisecond apart. No node runs meanwhile.</summary>
    private static Task<string> FillAsync(NodeCluster cluster, int entries) => cluster.QueryAsync(Text($"""
        INSERT INTO entry (sequence, origin, counter, kind, at, body)
        SELECT sequence + i, 'filled after ' || sequence, i, kind, at + i * 10000, body
        FROM generate_series(1, {entries}) AS i,
            (SELECT (SELECT max(sequence) FROM entry) AS sequence, kind, at, body FROM entry
                WHERE kind = 'said' ORDER BY entry.sequence DESC LIMIT 1) AS newest
        """));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
