using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>Measures one, two and three nodes over PostgreSQL, prints each figure as soon as it is known, and stores it.</summary>
/// <param name="polls">How many polls are parked, on all nodes together.</param>
/// <param name="scale">Divides the other numbers of sessions and entries, and the time of each measurement.</param>
internal sealed class ClusterTable(
    Budget budget, TimeSpan limit, Func<NodeSettings, PeerSettings> settings, int polls, int scale, CancellationToken ending)
{
    private const string Name = "cluster";
    private const int Most = 3;
    private const int SessionsElsewhere = 10_000;
    private const int Entries = 200_000;

    /// <summary>As many as there are between two snapshots by default (<c>Log:SnapshotEvery</c>).</summary>
    private const int EntriesAfterSnapshot = 20_000;

    private const string Ready = "ready after, s";
    private const string Replayed = "entries replayed";
    private const string Rate = "entries a second";

    private const string Each = "a session or message";
    private static readonly int[] s_rates = [10, 30, 100];
    private static readonly int[] s_crossingRates = [50, 500];

    private readonly Phases _phases = new(budget, limit, Name, ending);

    /// <summary>With a column for one, two and three nodes.</summary>
    internal ResultTable Nodes { get; } = new([.. Enumerable.Range(1, Most).Select(Column)], Column(1));

    internal ResultTable Starts { get; } = new([Ready, Replayed, Rate], "");

    internal ResultTable Elsewhere { get; } = new([Each], "");

    /// <summary>The PostgreSQL server, with its version. Null before it has started.</summary>
    internal string? Database { get; private set; }

    /// <inheritdoc cref="Phases.Notes"/>
    internal IReadOnlyList<string> Notes => _phases.Notes;

    /// <inheritdoc cref="Phases.HasFailed"/>
    internal bool HasFailed => _phases.HasFailed;

    private TimeSpan Time => TimeSpan.FromSeconds(Math.Max(1, 8 / scale));

    /// <summary>The parts of the table, by the names that the command line gives them.</summary>
    internal static IReadOnlyList<string> Parts { get; } = ["polls", "latency", "starts", "elsewhere"];

    /// <summary>Measures one part.</summary>
    internal void Run(string part)
    {
        switch (part)
        {
            case "polls":
                ForEachNumber(Spread);
                break;
            case "latency":
                ForEachNumber(Cross);
                break;
            case "starts":
                Start();
                break;
            default:
                CountElsewhere();
                break;
        }
    }

    private static void ForEachNumber(Action<int> measure)
    {
        for (int nodes = 1; nodes <= Most; nodes++)
            measure(nodes);
    }

    private void Spread(int nodes) => Run(Text($"{polls:N0} polls on {Column(nodes)}"), nodes, async (reactor, cluster, say, token) =>
    {
        SpreadFigures figures = await Measures.Spread.RunAsync(reactor, cluster, polls, s_rates, Time, say, token);
        string all = Text($"one message to {polls:N0}: ");
        Set(all + "half served, ms", figures.FanOut.Median);
        Set(all + "last served, ms", figures.FanOut.Last);
        Set(all + "CPU a delivery, all nodes, µs", figures.Delivery);
        Set(all + "CPU of the busiest node, ms", figures.BusiestNode);
        Set(all + "client's CPU a delivery, µs", figures.FanOut.ClientCpu);
        int cores = Environment.ProcessorCount;
        Set(Text($"computed: deliveries/s with {cores} cores for each node"), figures.DeliveriesOn(cores));
        Set("idle: CPU of all nodes, % of a core", 100 * (figures.Idle.AllNodes / figures.Idle.Time));
        Set("idle: PostgreSQL's CPU, % of a core", 100 * (figures.Idle.Database / figures.Idle.Time));
        foreach (StreamCpu stream in figures.Streams)
            Add(Text($"{stream.Figures.Rate} messages/s to {polls:N0}: "), stream);

        void Set(string row, double value) => Nodes.Set(row, Column(nodes), value);

        void Add(string what, StreamCpu stream)
        {
            Set(what + "delivered/s", stream.Figures.Delivered);
            Set(what + "lost, repeated, reordered, astray", stream.Figures.Faults);
            Set(what + "p50, ms", stream.Figures.Median);
            Set(what + "p99, ms", stream.Figures.Late);
            Set(what + "messages an answer", stream.Figures.ItemsPerAnswer);
            Set(what + "CPU a delivery, all nodes, µs", stream.Nodes / polls);
            Set(what + "PostgreSQL's CPU a message, µs", stream.Database);
            _phases.Check(Name, what + Column(nodes), stream.Figures);
        }
    });

    private void Cross(int nodes) => Run(Text($"from node to node, {Column(nodes)}"), nodes, async (reactor, cluster, say, token) =>
    {
        foreach (StreamCpu stream in await Crossing.RunAsync(reactor, cluster, s_crossingRates, Time, say, token))
        {
            string rate = Text($"{stream.Figures.Rate} messages/s: ");
            foreach (string where in (string[])["seen on the same node, ", "seen on another node, "])
            {
                bool isHere = where.Contains("same", StringComparison.Ordinal) == (nodes == 1);
                Nodes.Set(rate + where + "p50, ms", Column(nodes), isHere ? stream.Figures.Median : null);
                Nodes.Set(rate + where + "p99, ms", Column(nodes), isHere ? stream.Figures.Late : null);
            }

            Nodes.Set(rate + "CPU a message, all nodes, µs", Column(nodes), stream.Nodes);
            Nodes.Set(rate + "PostgreSQL's CPU a message, µs", Column(nodes), stream.Database);
            _phases.Check(Name, rate + Column(nodes), stream.Figures);
        }
    });

    private void Start() => Run("starts", 1, async (reactor, cluster, say, token) =>
    {
        IReadOnlyList<StartFigures> figures = await NodeStart.RunAsync(
            reactor, cluster, polls, Entries / scale, EntriesAfterSnapshot / scale, say, token);
        foreach (StartFigures start in figures)
        {
            Starts.Set(start.What, Ready, start.Seconds);
            Starts.Set(start.What, Replayed, start.Entries);
            Starts.Set(start.What, Rate, start.RateAbove(figures[0]));
        }
    });

    private void CountElsewhere() => Run("sessions elsewhere", 2, async (reactor, cluster, say, token) =>
    {
        ElsewhereFigures figures = await Measures.Elsewhere.RunAsync(reactor, cluster, SessionsElsewhere / scale, say, token);
        Set("private memory a session, bytes", figures.PrivateBytes);
        Set("of it GC heap, bytes", figures.HeapBytes);
        Set(Text($"CPU a message to {figures.Sessions:N0} sessions, µs"), figures.Cpu);
        Set("the same on the node that serves them, while none polls, µs", figures.HomeCpu);

        void Set(string row, double? value) => Elsewhere.Set(row, Each, value);
    });

    private void Run(string what, int nodes, Func<Reactor, NodeCluster, Action<string>, CancellationToken, Task> measure)
    {
        NodeCluster? cluster = null;
        _phases.Run(
            Name,
            what,
            async (reactor, token) =>
            {
                // The servers are not tied to the measurement: when the time is up, it is abandoned, and they are stopped all the same.
                cluster = new NodeCluster(settings);
                await using NodeCluster ended = cluster;
                await MeasureAsync(reactor, cluster, token).WaitAsync(token);
            },
            () => cluster?.LastWords ?? "");

        async Task MeasureAsync(Reactor reactor, NodeCluster started, CancellationToken token)
        {
            await started.StartAsync(nodes, Say, token);
            Database = started.Version;
            await measure(reactor, started, Say, token);
        }

        void Say(string line) => _phases.Say(Name, $"{what}: {line}");
    }

    private static string Column(int nodes) => nodes == 1 ? "1 node" : Text($"{nodes} nodes");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
