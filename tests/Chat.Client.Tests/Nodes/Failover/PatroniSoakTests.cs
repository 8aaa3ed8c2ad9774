using System.Globalization;

namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>
/// Three nodes over PostgreSQL under Patroni, while databases and nodes fail and a hundred people talk. No other test of this project runs
/// at the same time. The table of the outages, and what all programs said, are in the folder <c>TestResults/failover</c> beside the test
/// program.
/// </summary>
[Trait("Category", "Soak")]
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class PatroniSoakTests
{
    private const string Alone = "Measurements of outages";

    /// <summary>Those whose every request goes to another node.</summary>
    private const int Roaming = 82;

    /// <summary>Those whose client knows all nodes, and stays with one while that works.</summary>
    private const int Listing = 9;

    private const int Flack = 9;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly string s_results = Path.Combine(AppContext.BaseDirectory, "TestResults", "failover");

    [Fact]
    public Task A_hundred_people_lose_nothing_while_databases_and_nodes_fail() => Seeds.RunAsync(RunAsync);

    private static async Task RunAsync(int seed)
    {
        Directory.CreateDirectory(s_results);
        await using FailoverSite site = await FailoverSite.StartAsync();
        var people = new List<Person>();
        try
        {
            await RunAsync(site, people, seed).WithinAsync(s_limit);
        }
        finally
        {
            await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
            foreach ((string name, string text) in site.Logs())
                await File.WriteAllTextAsync(Path.Combine(s_results, name), text);
        }
    }

    private static async Task RunAsync(FailoverSite site, List<Person> people, int seed)
    {
        var random = new Random(seed);
        Failure[] failures = Failures.Shuffled(random);
        Console.WriteLine($"{Seeds.Variable}={seed}: {string.Join(", ", failures)}");
        var outages = new Outages();
        using var stop = new CancellationTokenSource();
        CometPerson[] clients = await Task.WhenAll(Enumerable.Range(0, Roaming + Listing).Select(i => LogInAsync(site, i)));
        people.AddRange(clients);
        FlackPerson[] flack = [.. Enumerable.Range(0, Flack).Select(i => new FlackPerson($"f{i}", site.Addresses))];
        people.AddRange(flack);
        await Task.WhenAll(flack.Select(person => person.JoinAsync()));
        await clients[0].SayAsync("begin");
        await HeardAsync("begin");

        Task talking = Task.WhenAll(people.Select((person, i) => person.TalkAsync($"{i}", outages, new Random(seed + i), stop.Token)));
        foreach (Failure failure in failures)
        {
            await SurviveAsync(Failure.None);
            await SurviveAsync(failure);
        }

        await stop.CancelAsync();
        await talking.WithinAsync(s_patience);
        await clients[0].SayAsync("end");
        await HeardAsync("end");
        string table = outages.Table();
        await File.WriteAllTextAsync(Path.Combine(s_results, "table.md"), table);
        Console.WriteLine();
        Console.WriteLine(table);

        (long Id, string Text)[] all = clients[0].Transcript;
        (long Id, string Text)[] acknowledged = [.. people.SelectMany(person => person.Acknowledged)];
        Console.WriteLine($"{acknowledged.Length} messages acknowledged, {all.Length} said, {Resyncs()} resyncs.");
        Assert.Equal(all.OrderBy(said => said.Id), all);
        Assert.Equal(all.Length, all.DistinctBy(said => said.Id).Count());
        Assert.Equal(all.Length, all.DistinctBy(said => said.Text).Count());
        Assert.Empty(acknowledged.Except(all));
        foreach (Person person in people)
            person.Check(all);

        // Only a flack session ends with its connection.
        Assert.All(clients[0].Events.OfType<UserLeft>(), left => Assert.StartsWith("f", left.Nick, StringComparison.Ordinal));
        Assert.All(site.Logs(), log => Assert.DoesNotContain("has stopped applying the log", log.Text, StringComparison.Ordinal));

        async Task SurviveAsync(Failure failure)
        {
            long begun = TimeProvider.System.GetTimestamp();
            await site.SurviveAsync(failure, random);
            int count = outages.Count;
            await Eventually.BeTrueAsync(() => outages.Count > count, s_patience, "a message is accepted again");
            TimeSpan outage = outages.Repaired(failure, begun);
            TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{failure.Name()}: {outage.TotalSeconds:F1} s, repaired after {took.TotalSeconds:F1} s"));
        }

        async Task HeardAsync(string text)
        {
            foreach (Person person in people)
                await person.HeardAsync(text, s_patience);
        }

        int Resyncs() => clients.Sum(client => client.Events.OfType<Resynced>().Count());
    }

    private static async Task<CometPerson> LogInAsync(FailoverSite site, int number)
    {
        string nick = $"u{number}";
        Task<ChatClient> login = number < Roaming
            ? ChatClient.LoginAsync(RoundRobin.Address, nick, new ChatClientOptions { Handler = site.Balancer })
            : ChatClient.LoginAsync(site.Addresses, nick);
        return new CometPerson(await login.WithinAsync(s_patience));
    }
}
