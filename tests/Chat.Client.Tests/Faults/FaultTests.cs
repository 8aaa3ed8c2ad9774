namespace ErlChat.Client.Tests;

public class FaultTests
{
    /// <summary>Long enough for every fault to have affected every kind of call.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(4);

    [Fact]
    public Task Five_clients_on_a_bad_network_read_the_same_messages_once_and_in_order() =>
        Seeds.RunAsync(seed => RunAsync(seed, 5, s_short));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_clients_on_a_bad_network_read_the_same_messages_for_five_minutes() =>
        Seeds.RunAsync(seed => RunAsync(seed, 20, TimeSpan.FromMinutes(5)));

    private static async Task RunAsync(int seed, int count, TimeSpan length)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:PollTimeout=00:00:01", "Chat:PollJitter=00:00:00.200", "Chat:MaxMailboxItems=100000", "Chat:MaxMailboxBytes=60000000");
        await using var proxy = new FaultProxy(server.Address, seed);
        ChatClientOptions options = Quick.Options with { MaxBufferedEvents = 64, LeaveOnDispose = false };
        ChatClient[] clients = await Task.WhenAll(
            Enumerable.Range(0, count).Select(i => ChatClient.LoginAsync(proxy.Address, $"c{i}", options))).WithinAsync();
        Listener[] listeners = [.. clients.Select(client => new Listener(client))];

        proxy.Percent = 40;
        string[][] said = await Task.WhenAll(clients.Select((client, i) => TalkAsync(client, i, new Random(seed + i), length)));
        proxy.Percent = 0;
        TimeSpan settle = TimeSpan.FromSeconds(20);
        foreach (ChatClient client in clients)
            await client.SayAsync($"end {client.Nick}").WithinAsync(settle);
        foreach (Listener listener in listeners)
            await Eventually.BeTrueAsync(
                () => listener.Texts.Count(text => text.StartsWith("end ", StringComparison.Ordinal)) == count,
                settle,
                "everybody has heard every end");

        Check(listeners, said);
        foreach (ChatClient client in clients)
            await client.DisposeAsync();
        foreach (Listener listener in listeners)
            await listener.DisposeAsync();
        TestContext.Current.SendDiagnosticMessage(
            "{0} messages; exchanges: {1}", said.Sum(one => one.Length), string.Join(", ", proxy.Done));
        Assert.Equal(Enum.GetValues<Fault>().Length, proxy.Done.Count);
    }

    private static async Task<string[]> TalkAsync(ChatClient client, int number, Random random, TimeSpan length)
    {
        var said = new List<string>();
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < length)
        {
            string text = $"{number}/{said.Count}";
            await client.SayAsync(text);
            said.Add(text);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50)), TimeProvider.System);
        }

        return [.. said];
    }

    private static void Check(Listener[] listeners, string[][] said)
    {
        long[] order = [.. listeners[0].Said.Select(one => one.Id)];
        Assert.Equal(order.Distinct().Order(), order);
        for (int i = 0; i < listeners.Length; i++)
        {
            Assert.Empty(listeners[i].Events.OfType<Resynced>());
            Assert.Equal(order, listeners[i].Said.Select(one => one.Id));
        }

        for (int i = 0; i < said.Length; i++)
            Assert.Equal([.. said[i], $"end c{i}"], listeners[0].Said.Where(one => one.Nick == $"c{i}").Select(one => one.Text));
    }
}
