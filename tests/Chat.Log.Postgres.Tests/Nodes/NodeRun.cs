using ErlChat.Nodes;
using ErlChat.Postgres.Nodes;

namespace ErlChat.Tests;

/// <summary>A run of a node with quick heartbeats. It can be frozen, and killed without a goodbye.</summary>
internal sealed class NodeRun : INodeReporter, IAsyncDisposable
{
    private readonly ManualResetEventSlim _thawed = new(initialState: true);

    internal NodeRun(
        ChatDatabase database,
        string name,
        TimeSpan? beat = null,
        string cookie = "chocolate-chip-cookie",
        params string[] kinds) =>
        Nodes = new PostgresNodes(
            static _ => Task.CompletedTask,
            database.AddNode().Primary,
            new NodeOptions { Name = name, Cookie = cookie },
            this,
            Tries,
            new NodeTimes(beat ?? TimeSpan.FromMilliseconds(100)),
            TimeProvider.System,
            database.Logs.For<PostgresNodes>(),
            line => Lost = line)
        {
            Kinds = kinds,
            OldestKinds = OldestKinds,
        };

    /// <summary>The kinds that every program knows: none, so that a test says which are known.</summary>
    internal HashSet<string> OldestKinds { get; } = [];

    internal PostgresNodes Nodes { get; }

    internal SharedTries Tries { get; } = new();

    /// <summary>The line with which the node was told to stop; null if it was not.</summary>
    internal string? Lost { get; private set; }

    /// <summary>The names of the nodes that it lists.</summary>
    internal string Names => string.Join(' ', Nodes.All.Select(node => node.Name));

    /// <summary>The names of those that are alive.</summary>
    internal string Alive => string.Join(' ', Nodes.All.Where(node => node.IsAlive).Select(node => node.Name));

    public string Version => "0.1.0";

    public string Origin { get; } = Guid.NewGuid().ToString("N");

    internal long Applied { get; set; }

    internal Task StartAsync() => Nodes.StartingAsync(CancellationToken.None).WithinAsync();

    internal Task StopAsync() => Nodes.StopAsync(CancellationToken.None).WithinAsync();

    /// <summary>Makes the node's heartbeats stand still, in the middle of one.</summary>
    internal void Freeze() => _thawed.Reset();

    internal void Thaw() => _thawed.Set();

    public NodeReport Read()
    {
        _thawed.Wait();
        return new NodeReport($"http://{Origin}", Applied, 3, 4);
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await Nodes.DisposeAsync();
    }
}
