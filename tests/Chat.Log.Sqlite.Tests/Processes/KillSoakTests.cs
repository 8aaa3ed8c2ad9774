using System.Collections.Concurrent;
using ErlChat.Log;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;

namespace ErlChat.Tests;

/// <summary>Kill -9 in a loop while people talk.</summary>
[Trait("Category", "Soak")]
public sealed class KillSoakTests : IDisposable
{
    private const int Rounds = 20;
    private const int People = 50;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-soak-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What was answered ok is there exactly once; everybody saw the same, in the same order, and nothing that a later start does not have.
    [Fact]
    public async Task Nothing_is_lost_doubled_or_taken_back_when_the_server_is_killed() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        string database = Path.Combine(_folder, "chat.db");
        string[] options = ["--Limits:Enabled=false", "--Chat:RateLimitCount=100000", "--Chat:MaxSessionsPerHost=1000",
            "--Chat:MaxMailboxItems=10000", "--Log:SnapshotEvery=2000", "--Log:RestoreMail=1500"];
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(database, options);
        var people = new List<Person>();
        for (int i = 0; i < People; i++)
        {
            var person = new Person(i, new Browser(address));
            await person.Browser.LoginAsync($"p{i}");
            people.Add(person);
        }

        // From one place on, everybody hears everything.
        foreach (Person person in people)
            person.Browser.Cursor = people.Max(one => one.Browser.Cursor);
        using var talking = new CancellationTokenSource();
        using var reading = new CancellationTokenSource();
        Task talk = Task.WhenAll(people.Select(person => Task.Run(() => person.TalkAsync(talking.Token))));
        Task read = Task.WhenAll(people.Select(person => Task.Run(() => person.ReadAsync(reading.Token))));
        for (int round = 0; round < Rounds; round++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 2500)), TimeProvider.System);
            string[] answered = await BackUpAsync(database, people);
            await server.KillAsync();
            await server.DisposeAsync();
            CompareRestored(round, answered, people);
            (server, address) = await ServerProcess.StartAsync(database, options);
            foreach (Person person in people)
                person.Browser.Address = address;
            Assert.False(read.IsFaulted || talk.IsFaulted, $"Round {round}: {read.Exception} {talk.Exception}");
        }

        await talking.CancelAsync();
        await talk.WithinAsync(TimeSpan.FromSeconds(60));
        List<(long Id, string Text)> history = await people[0].Browser.HistoryAsync();
        await Eventually.BeTrueAsync(() => people.TrueForAll(person => person.Seen.Count >= history.Count), TimeSpan.FromSeconds(60));
        await reading.CancelAsync();
        await read.WithinAsync();
        Assert.Equal(history.Count, history.Select(item => item.Text).Distinct().Count());
        Assert.Equal(
            people.SelectMany(person => person.Said).Order(StringComparer.Ordinal),
            history.Select(item => item.Text).Order(StringComparer.Ordinal));
        Assert.All(people, person => Assert.Equal(history, person.Seen));
        TestContext.Current.SendDiagnosticMessage($"{history.Count} messages over {Rounds} kills.");
        Assert.True(history.Count > Rounds * People);
        await server.DisposeAsync();
        foreach (Person person in people)
            person.Browser.Dispose();
    });

    /// <summary>Takes a backup while people talk, with the real program; what had been answered before it.</summary>
    private async Task<string[]> BackUpAsync(string database, List<Person> people)
    {
        string[] answered = [.. people.SelectMany(person => person.Said)];
        (int code, _, string error) = await ToolProcess.RunAsync(database, "backup", Backup, "--force");
        Assert.True(code == 0, error);
        return answered;
    }

    /// <summary>
    /// Restores the backup elsewhere. It must contain every message that was acknowledged before it, each once, in the order of each
    /// sender, and no others.
    /// </summary>
    private void CompareRestored(int round, string[] answered, List<Person> people)
    {
        string restored = Path.Combine(_folder, "restored.db");
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(
            LogTool.Run(["restore", Backup, "--force", "--path", restored], restored, output, error) == 0, $"Round {round}: {error}");
        Assert.True(LogTool.Run(["verify", "--path", restored], restored, output, error) == 0, $"Round {round}: {output}");
        using var connection = FileConnection.Open(restored, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        List<string> said = [.. new EntryWalk(connection, CancellationToken.None).Run().Select(stored => stored.Entry).OfType<Said>()
            .DistinctBy(entry => (entry.Session, entry.Key)).Select(entry => entry.Text)];
        Assert.Equal(said.Count, said.Distinct().Count());
        Assert.Superset(answered.ToHashSet(), said.ToHashSet());
        foreach (IGrouping<string, string> own in said.GroupBy(text => text.Split(':')[0]))
            Assert.Equal(Enumerable.Range(0, own.Count()).Select(i => $"{own.Key}: message {i}"), own);
        Assert.True(said.Count <= answered.Length + people.Sum(person => person.Said.Count) + people.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"Round {round}: {said.Count} messages restored, {answered.Length} answered before the backup.");
    }

    private string Backup => Path.Combine(_folder, "backup.db");

    private sealed class Person(int number, Browser browser)
    {
        internal Browser Browser { get; } = browser;

        /// <summary>What was answered ok.</summary>
        internal ConcurrentQueue<string> Said { get; } = new();

        internal List<(long Id, string Text)> Seen { get; } = [];

        /// <summary>Says one thing after another; what has no answer is said again, under the same key, until it has one.</summary>
        internal async Task TalkAsync(CancellationToken stop)
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string text = $"{number}: message {i}";
                while (!await TrySayAsync(text))
                    await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
                Said.Enqueue(text);
                await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
            }
        }

        internal async Task ReadAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    Seen.AddRange(await Browser.PollAsync(stop));
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // The end of the test.
                }
            }
        }

        private async Task<bool> TrySayAsync(string text)
        {
            try
            {
                return (await Browser.SayAsync(text)).GetProperty("status").GetString() == "ok";
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return false;
            }
        }
    }
}
