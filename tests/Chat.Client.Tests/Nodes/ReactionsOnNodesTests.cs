using ErlChat.Tests;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>Users of two nodes who react to the same message at the same time.</summary>
public sealed class ReactionsOnNodesTests
{
    private const int Users = 250;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Each node gathers the reactions that reach it, so the entries of both alternate. Everybody adds two and takes one of them back.
    [Fact]
    public async Task Both_nodes_count_five_hundred_reactions_to_one_message_alike()
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        await using ServerProcess one = Launch(1, database), two = Launch(2, database);
        Uri[] nodes = [(await one.ListeningAsync()).Address, (await two.ListeningAsync()).Address];
        await using ChatClient here = await LoginAsync(nodes[0], "here"), there = await LoginAsync(nodes[1], "there");
        await using Listener hears = new(here), hearsToo = new(there);
        long id = (await here.SayAsync("words").WithinAsync(s_patience))!.Value;
        await hearsToo.HeardAsync("words", s_patience);
        ChatClient[] users = new ChatClient[Users];
        await Parallel.ForAsync(
            0, Users, CancellationToken.None, async (i, _) => users[i] = await LoginAsync(nodes[i % 2], $"u{i}"));

        await Task.WhenAll(users.Select(ReactAsync)).WithinAsync(s_patience);
        await Task.WhenAll(users.Where((_, i) => i % 5 == 0).Select(user => user.ReactAsync(id, "👍", on: false)))
            .WithinAsync(s_patience);
        await there.SayAsync("end").WithinAsync(s_patience);
        string expected = Board.Line(id, "words", [new("👍", Users * 4 / 5), new("🎉", Users)]);
        foreach ((ChatClient client, Listener listener) in ((ChatClient, Listener)[])[(here, hears), (there, hearsToo)])
        {
            await listener.HeardAsync("end", s_patience);
            Assert.Equal(expected, Board.Of(listener.Events)[0]);
            Assert.Equal(expected, (await Board.OfHistoryAsync(client).WithinAsync(s_patience))[0]);

            // A few entries of each node, instead of five hundred.
            Assert.InRange(listener.Events.OfType<ReactionsChanged>().Count(), 2, Users / 2);
        }

        foreach (ChatClient user in users)
            await user.DisposeAsync();

        async Task ReactAsync(ChatClient user) => await Task.WhenAll(user.ReactAsync(id, "👍"), user.ReactAsync(id, "🎉"));
    }

    // Whoever double-clicks behind a balancer without stickiness adds a reaction at one node and takes it back at the other.
    [Fact]
    public async Task A_reaction_that_is_taken_back_at_the_other_node_is_gone()
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        await using ServerProcess one = Launch(1, database), two = Launch(2, database);
        Uri[] nodes = [(await one.ListeningAsync()).Address, (await two.ListeningAsync()).Address];
        using var balancer = new RoundRobin { Nodes = nodes };
        await using ChatClient user = await ChatClient.LoginAsync(
            RoundRobin.Address, "user", Options with { Handler = balancer }).WithinAsync(s_patience);
        await using var listener = new Listener(user);
        for (int i = 0; i < 20; i++)
        {
            long id = (await user.SayAsync($"words {i}").WithinAsync(s_patience))!.Value;
            await user.ReactAsync(id, "👍").WithinAsync(s_patience);
            long? back = await user.ReactAsync(id, "👍", on: false).WithinAsync(s_patience);

            // The page is read from the other node, up to the answer's id.
            Assert.NotNull(back);
            Assert.Equal(Board.Line(id, $"words {i}", []), (await Board.OfHistoryAsync(user, back + 1).WithinAsync(s_patience))[i]);
        }
    }

    private static ChatClientOptions Options => Quick.Options with { LoginPatience = s_patience, CallPatience = s_patience };

    private static Task<ChatClient> LoginAsync(Uri node, string nick) => ChatClient.LoginAsync(node, nick, Options).WithinAsync(s_patience);

    private static ServerProcess Launch(int number, string database) => ServerProcess.LaunchNode(
        $"n{number}",
        database,
        address: null,
        "--Chat:MaxSessionsPerHost=1000",
        "--Chat:RateLimitCount=1000",
        "--Chat:PollTimeout=3s",
        "--Chat:PollJitter=500ms",
        "--Limits:Enabled=false");
}
