using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Servers;

/// <summary>Nodes of our server over a PostgreSQL server of their own. Disposing stops them all, and deletes the data.</summary>
/// <param name="settings">Returns the settings to start a node with.</param>
internal sealed class NodeCluster(Func<NodeSettings, PeerSettings> settings) : IAsyncDisposable
{
    private const string Cookie = "a-secret-of-all-nodes";

    private readonly List<Task<ServerProcess>> _starts = [];
    private readonly List<ServerProcess> _nodes = [];
    private Task<PostgresServer>? _starting;
    private PostgresServer? _postgres;
    private string _database = "";

    /// <summary>The nodes that run, in the order of their starts.</summary>
    internal IReadOnlyList<ServerProcess> Nodes => _nodes;

    /// <summary>The PostgreSQL server, with its version. Null before it has started.</summary>
    internal string? Version { get; private set; }

    /// <summary>The CPU time of all parts since their starts.</summary>
    internal ClusterCpu Cpu => new(
        [.. _nodes.Select(node => node.CpuTime)],
        ProcessCpu.OfFamily(_postgres!.ProcessId),
        Clock.OwnCpuTime,
        TimeSpan.FromSeconds(Clock.Seconds(Clock.Now)));

    /// <summary>The last output of the nodes, to explain a failure.</summary>
    internal string LastWords =>
        string.Join(Environment.NewLine, _nodes.Select(node => node.LastWords()).Where(static words => words.Length > 0));

    /// <summary>Starts PostgreSQL and then so many nodes.</summary>
    internal async Task StartAsync(int nodes, Action<string> say, CancellationToken cancellationToken)
    {
        _starting = PostgresServer.StartAsync(isReal: true);
        _postgres = await _starting;
        _database = await _postgres.CreateDatabaseAsync();
        Version = "PostgreSQL " + (await QueryAsync("SHOW server_version")).Split(' ')[0];
        say($"{Version} started, process {_postgres.ProcessId}");
        for (int number = 1; number <= nodes; number++)
            await StartNodeAsync($"node{number}", cancellationToken);
    }

    /// <summary>Starts a node, and waits until it is ready.</summary>
    internal async Task<ServerProcess> StartNodeAsync(string name, CancellationToken cancellationToken)
    {
        var node = new NodeSettings(name, Cookie, _postgres!.ConnectionTo(_database));
        Task<ServerProcess> start = ChatServer.StartAsync(settings(node), cancellationToken);
        _starts.Add(start);
        ServerProcess started = await start;
        _nodes.Add(started);
        return started;
    }

    /// <summary>Asks a node to stop, so that its name is free at once, and waits for its end.</summary>
    internal async Task StopNodeAsync(ServerProcess node, CancellationToken cancellationToken)
    {
        await node.StopAsync(cancellationToken);
        _nodes.Remove(node);
    }

    /// <summary>Runs SQL on the nodes' database. Returns what it selects.</summary>
    internal Task<string> QueryAsync(string sql) => _postgres!.PsqlAsync(sql, _database);

    public async ValueTask DisposeAsync()
    {
        foreach (Task<ServerProcess> start in _starts)
        {
            try
            {
                await (await start).DisposeAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It did not start, and was stopped when that was noticed.
            }
        }

        if (_starting is null)
            return;
        await ((Task)_starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_starting.IsCompletedSuccessfully)
            (await _starting).Dispose();
    }
}
