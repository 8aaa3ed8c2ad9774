using ErlChat.Testing.Patroni;

namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>A site as operators would run it: three nodes of the chat, and three databases under Patroni. All of it can fail.</summary>
internal sealed class FailoverSite : IAsyncDisposable
{
    /// <summary>Longer than the lease of a primary lasts (<c>ttl</c>), so that another takes over.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly PatroniCluster _database;
    private readonly SiteNode[] _nodes;

    private FailoverSite(PatroniCluster database)
    {
        _database = database;
        _nodes = [.. Enumerable.Range(1, 3).Select(number => new SiteNode(number, database.Connection))];
    }

    /// <summary>Sends each request to another node.</summary>
    internal RoundRobin Balancer { get; } = new();

    /// <summary>The addresses of all nodes, whether they run or not.</summary>
    internal Uri[] Addresses => [.. _nodes.Select(node => node.Address)];

    /// <summary>What the nodes and the databases have said, by the name of a file.</summary>
    internal IEnumerable<(string Name, string Text)> Logs() =>
        _nodes.Select(node => (node.Name + ".log", node.Said)).Concat(_database.Logs());

    internal static async Task<FailoverSite> StartAsync()
    {
        var site = new FailoverSite(await PatroniCluster.StartAsync());
        try
        {
            foreach (SiteNode node in site._nodes)
                node.Start();
            await site.HealthyAsync();
            site.Balancer.Nodes = site.Addresses;
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets something fail, repairs it, and waits until everything works.</summary>
    internal async Task SurviveAsync(Failure failure, Random random)
    {
        switch (failure)
        {
            case Failure.None:
                await Task.Delay(s_long / 4, TimeProvider.System);
                break;
            case Failure.PrimaryKilled:
                PatroniMember killed = await _database.PrimaryAsync();
                killed.Kill();
                await _database.ReplacedAsync(killed);
                await PauseAsync(random);
                killed.Start();
                break;
            case Failure.PrimaryFrozen:
                PatroniMember frozen = await _database.PrimaryAsync();
                frozen.Freeze();
                await Task.Delay(s_long, TimeProvider.System);
                await _database.ReplacedAsync(frozen);
                frozen.Thaw();
                break;
            case Failure.PrimaryCutOff:
                PatroniMember cutOff = await _database.PrimaryAsync();
                cutOff.CutOffFromEtcd();
                await Task.Delay(s_long, TimeProvider.System);
                cutOff.ReconnectToEtcd();
                break;
            case Failure.SwitchedOver:
                await _database.SwitchOverAsync();
                break;
            case Failure.NodeKilled:
                await KillNodeAsync(_nodes[random.Next(_nodes.Length)], random);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(failure));
        }

        await HealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiteNode node in _nodes)
            await node.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static Task PauseAsync(Random random) => Task.Delay(TimeSpan.FromSeconds(1 + random.NextDouble() * 2), TimeProvider.System);

    private async Task KillNodeAsync(SiteNode node, Random random)
    {
        await node.KillAsync();

        // As long as it takes a balancer to notice.
        await PauseAsync(random);
        Balancer.Nodes = [.. Addresses.Where(address => address != node.Address)];
        await PauseAsync(random);
        node.Start();
        await node.ReadyAsync(s_patience);
        Balancer.Nodes = Addresses;
    }

    private async Task HealthyAsync()
    {
        await _database.HealthyAsync();
        foreach (SiteNode node in _nodes)
            await node.ReadyAsync(s_patience);
    }
}
