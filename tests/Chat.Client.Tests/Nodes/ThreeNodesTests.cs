using ErlChat.Tests;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>Three nodes in processes of their own over one PostgreSQL, and users who come to another node with every request.</summary>
public sealed class ThreeNodesTests
{
    private const int Users = 54;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Sixty_users_notice_nothing_while_a_node_is_killed_another_stops_and_a_fourth_is_added() => Seeds.RunAsync(RunAsync);

    private static async Task RunAsync(int seed)
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        var balancer = new RoundRobin();
        await using ServerProcess one = Launch(1), two = Launch(2), three = Launch(3);
        Uri[] nodes = await Task.WhenAll(AddressAsync(one), AddressAsync(two), AddressAsync(three));
        balancer.Nodes = nodes;

        ChatClient watcher = await LoginAsync("watcher");
        await using var watching = new Listener(watcher);
        ChatClient[] clients = await Task.WhenAll(Enumerable.Range(0, Users - 1).Select(i => LoginAsync($"u{i}")));
        Listener[] listeners = [.. clients.Select(client => new Listener(client))];
        FlackReader[] flack = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => FlackReader.JoinAsync(nodes[i % 3], $"f{i}")));
        long begin = (await watcher.SayAsync("begin"))!.Value;
        foreach (Listener listener in listeners)
            await listener.HeardAsync("begin", s_patience);

        var random = new Random(seed);
        List<long> ids = [];
        Author[] authors = [.. clients.Select((client, i) => new Author(client, i, new Random(seed + i), ids))];
        Task<(long Id, string Text)[]>[] talking = [.. authors.Select((author, i) => TalkAsync(author, new Random(seed - i)))];
        await PauseAsync(random);
        await two.KillAsync();
        balancer.Nodes = [nodes[0], nodes[1], nodes[2]];
        await PauseAsync(random);
        balancer.Nodes = [nodes[0], nodes[2]];
        await PauseAsync(random);
        await using ServerProcess four = Launch(4);
        Uri fourth = await AddressAsync(four);
        balancer.Nodes = [nodes[0], nodes[2], fourth];
        await PauseAsync(random);
        Task<int> stopping = three.StopAsync();
        await PauseAsync(random);
        balancer.Nodes = [nodes[0], fourth];
        Assert.Equal(0, await stopping);
        (long Id, string Text)[] acknowledged = [.. (await Task.WhenAll(talking)).SelectMany(said => said).OrderBy(said => said.Id)];

        long end = (await watcher.SayAsync("end"))!.Value;
        IReadOnlyList<string> board =
            [Board.Line(begin, "begin", []), .. Author.Expected(authors), Board.Line(end, "end", [])];
        foreach (Listener listener in (Listener[])[watching, .. listeners])
        {
            await listener.HeardAsync("end", s_patience);
            Assert.Empty(listener.Events.OfType<Resynced>());
            Assert.Equal([begin, .. acknowledged.Select(said => said.Id), end], listener.Said.Select(said => said.Id));
            Assert.Equal(board, Board.Of(listener.Events));
        }

        foreach (Uri node in (Uri[])[nodes[0], fourth])
        {
            balancer.Nodes = [node];
            Assert.Equal(board, await Board.OfHistoryAsync(watcher).WithinAsync(s_patience));
        }

        // A flack connection belongs to its node. Those of the node that stays have everything, too, except what was deleted before it
        // reached them.
        (long Id, string Text)[] kept = [.. acknowledged.Where(said => authors.Any(author => author.Keeps(said.Id)))];
        foreach (FlackReader reader in (FlackReader[])[flack[0], flack[3]])
        {
            await Eventually.BeTrueAsync(() => reader.Messages.Any(said => said.Text == "end"), s_patience);
            Assert.Equal(kept, reader.Messages.Where(said => kept.Any(one => one.Id == said.Sequence)));
        }

        // Nobody left, except those whose flack connection ended with its node: of the killed one when its lease was over.
        await Eventually.BeTrueAsync(() => watching.Events.OfType<UserLeft>().Count() >= 4, s_patience);
        Assert.Equal(["f1", "f2", "f4", "f5"], watching.Events.OfType<UserLeft>().Select(left => left.Nick).Order());
        foreach (ChatClient client in clients)
            await client.DisposeAsync();
        string[] gone = [.. Enumerable.Range(0, Users - 1).Select(i => $"u{i}"), "f1", "f2", "f4", "f5"];
        await Eventually.BeTrueAsync(() => watching.Events.OfType<UserLeft>().Count() >= gone.Length, s_patience);
        Assert.Equal(gone.Order(), watching.Events.OfType<UserLeft>().Select(left => left.Nick).Order());
        Assert.Equal(
            Enumerable.Range(0, Users - 1).Select(i => $"u{i}").Concat(Enumerable.Range(0, 6).Select(i => $"f{i}")).Order(),
            watching.Events.OfType<UserJoined>().Select(joined => joined.Nick).Order());

        foreach (Listener listener in listeners)
            await listener.DisposeAsync();
        foreach (FlackReader reader in flack)
            reader.Dispose();
        await watcher.DisposeAsync();

        Task<ChatClient> LoginAsync(string nick) => ChatClient.LoginAsync(
            RoundRobin.Address,
            nick,
            Quick.Options with { Handler = balancer, LoginPatience = s_patience, CallPatience = s_patience }).WithinAsync(s_patience);

        ServerProcess Launch(int number) => ServerProcess.LaunchNode(
            $"n{number}",
            database,
            address: null,
            "--Chat:PollTimeout=3s",
            "--Chat:PollJitter=500ms",
            "--Chat:MaxSessionsPerHost=1000",
            "--Chat:RateLimitCount=1000",
            "--Limits:Enabled=false");
    }

    private static async Task<Uri> AddressAsync(ServerProcess node) => (await node.ListeningAsync()).Address;

    private static Task PauseAsync(Random random) => Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(500)), TimeProvider.System);

    /// <summary>Says and changes a few things. Returns what was acknowledged: each with its place in the log.</summary>
    private static async Task<(long Id, string Text)[]> TalkAsync(Author author, Random random)
    {
        var said = new List<(long, string)>();
        for (int i = 0; i < 8; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(800)), TimeProvider.System);
            said.Add(await author.SayAsync().WithinAsync(s_patience));
            await author.ChangeAsync().WithinAsync(s_patience);
        }

        return [.. said];
    }
}
