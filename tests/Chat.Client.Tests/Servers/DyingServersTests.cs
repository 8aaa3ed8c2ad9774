namespace ErlChat.Client.Tests;

public class DyingServersTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Clients_lose_and_repeat_nothing_while_their_servers_are_killed_and_frozen_at_random() =>
        Seeds.RunAsync(seed => RunAsync(seed, 5, s_short, TimeSpan.FromSeconds(1)));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_clients_lose_and_repeat_nothing_in_three_minutes() =>
        Seeds.RunAsync(seed => RunAsync(seed, 20, TimeSpan.FromMinutes(3), Quick.Options.RequestTimeout * 1.5));

    private static async Task RunAsync(int seed, int count, TimeSpan length, TimeSpan longestFreeze)
    {
        // The mailboxes hold everything that is said while a server is frozen, however fast the machine is. Otherwise clients resync.
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:PollTimeout=00:00:01", "Chat:PollJitter=00:00:00.200", "Chat:MaxMailboxItems=100000", "Chat:MaxMailboxBytes=67108864");
        await using Front one = new(server), two = new(server), three = new(server);
        Front[] fronts = [one, two, three];
        ChatClientOptions options = Quick.Options with { LongestRest = TimeSpan.FromMilliseconds(400) };
        ChatClient[] clients = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(i => ChatClient.LoginAsync(fronts.Select(front => front.Address), $"c{i}", options)))
            .WithinAsync(s_settle);
        Listener[] listeners = [.. clients.Select(client => new Listener(client))];
        List<long> ids = [];
        Author[] authors = [.. clients.Select((client, i) => new Author(client, i, new Random(seed + i), ids))];
        using var over = new CancellationTokenSource(length, TimeProvider.System);
        Task dying = DieAsync(fronts, new Random(seed), longestFreeze, over.Token);
        Task<string[][]> talking = Task.WhenAll(authors.Select((author, i) => TalkAsync(author, new Random(seed - i), over.Token)));

        // If both fail, the reason is with the servers.
        await Task.WhenAll(dying, talking);
        string[][] said = await talking;

        foreach (ChatClient client in clients)
            await client.SayAsync($"end {client.Nick}").WithinAsync(s_settle);
        IReadOnlyList<string> board = await Board.OfHistoryAsync(clients[0]).WithinAsync(s_settle);
        Assert.Equal(Author.Expected(authors), board.SkipLast(count));
        string[] all = [.. said.SelectMany(texts => texts), .. clients.Select(client => $"end {client.Nick}")];
        foreach (Listener listener in listeners)
        {
            await listener.HeardAsync($"end {clients[^1].Nick}", s_settle);
            Assert.Empty(listener.Events.OfType<Resynced>());
            Assert.Equal(all.Length, listener.Said.Length);
            Assert.Equal(board, Board.Of(listener.Events));
            Assert.Equal(listeners[0].Said.Select(heard => heard.Id), listener.Said.Select(heard => heard.Id));
        }

        Assert.Equal(count, server.Room.SessionCount);
        foreach (ChatClient client in clients)
            await client.DisposeAsync();
        foreach (Listener listener in listeners)
            await listener.DisposeAsync();
        TestContext.Current.SendDiagnosticMessage("{0} messages", all.Length);
    }

    private static async Task<string[]> TalkAsync(Author author, Random random, CancellationToken over)
    {
        var said = new List<string>();
        while (!over.IsCancellationRequested)
        {
            said.Add((await author.SayAsync(CancellationToken.None)).Text);
            await author.ChangeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50)), TimeProvider.System, CancellationToken.None);
        }

        return [.. said];
    }

    /// <summary>Every now and then kills or freezes a server, sometimes all of them at once, and brings it back.</summary>
    private static async Task DieAsync(Front[] fronts, Random random, TimeSpan longestFreeze, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            Front[] victims = random.Next(10) == 0 ? fronts : [fronts[random.Next(fronts.Length)]];
            bool isKill = random.Next(3) > 0;
            foreach (Front victim in victims)
            {
                if (isKill)
                    await victim.KillAsync();
                else
                    victim.Freeze();
            }

            TimeSpan length = (isKill ? TimeSpan.FromSeconds(0.5) : longestFreeze) * random.NextDouble();
            await Task.Delay(length, TimeProvider.System, CancellationToken.None);
            foreach (Front victim in victims)
            {
                if (isKill)
                    victim.Start();
                else
                    victim.Thaw();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100)), TimeProvider.System, CancellationToken.None);
        }
    }
}
