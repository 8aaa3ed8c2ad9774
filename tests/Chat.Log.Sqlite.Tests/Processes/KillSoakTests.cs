using ErlChat.Log;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;

namespace ErlChat.Tests;

/// <summary>Kill -9 in a loop while users chat, edit, delete and react.</summary>
[Trait("Category", "Soak")]
public sealed class KillSoakTests : IDisposable
{
    private const int Rounds = 20;
    private const int People = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-soak-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every acknowledged message is there exactly once, with the text of its last edit, or deleted, and with the reactions that people
    // left. All users saw the same, in the same order, and nothing that a later start does not have.
    [Fact]
    public Task Nothing_is_lost_doubled_or_taken_back_when_the_server_is_killed() => Seeds.RunAsync(RunAsync);

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        string database = Path.Combine(_folder, "chat.db");
        string[] options = ["--Limits:Enabled=false", "--Chat:RateLimitCount=100000", "--Chat:MaxSessionsPerHost=1000",
            "--Chat:MaxMailboxItems=10000", "--Log:SnapshotEvery=2000", "--Log:RestoreMail=1500", "--Chat:CheckPrivacy=00:00:01"];
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(database, options);
        var people = new List<ChangeablePerson>();
        try
        {
            for (int i = 0; i < People; i++)
            {
                var person = new ChangeablePerson(i, new Browser(address), new Random(seed + i));
                await person.Browser.LoginAsync($"p{i}", isNewer: true);
                people.Add(person);
            }

            // All users start at the same cursor, so each receives everything.
            foreach (ChangeablePerson person in people)
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
                foreach (ChangeablePerson person in people)
                    person.Browser.Address = address;
                Assert.False(read.IsFaulted || talk.IsFaulted, $"Round {round}: {read.Exception} {talk.Exception}");
            }

            await talking.CancelAsync();
            await talk.WithinAsync(TimeSpan.FromSeconds(60));
            long end = (await people[0].Browser.SayAsync("end")).GetProperty("id").GetInt64();
            await Eventually.BeTrueAsync(() => people.TrueForAll(person => person.Ids.Contains(end)), TimeSpan.FromSeconds(60));
            await reading.CancelAsync();
            await read.WithinAsync();
            Transcript history = Transcript.Of(await people[0].Browser.HistoryItemsAsync());
            Assert.Equal([.. Expected(people), Transcript.Line(end, "end", [])], history.Lines);
            Assert.All(people, person => Assert.Equal(history.Lines, person.Seen.Lines));
            Assert.All(people, person => Assert.Equal(history.Ids, person.Ids));
            TestContext.Current.SendDiagnosticMessage(
                $"{history.Ids.Count} messages, {people.Sum(person => person.Changes)} changes over {Rounds} kills.");
            Assert.True(history.Ids.Count > Rounds * People);
        }
        finally
        {
            // A server that outlived a failed test would keep the machine busy.
            await server.DisposeAsync();
            people.ForEach(person => person.Browser.Dispose());
        }
    }

    /// <summary>The messages as their authors left them, with the reactions that people believe to have.</summary>
    private static IEnumerable<string> Expected(List<ChangeablePerson> people)
    {
        ILookup<long, string> reactions = people.SelectMany(person => person.Reactions).ToLookup(one => one.Id, one => one.Emoji);
        return people.SelectMany(person => person.Own).OrderBy(one => one.Key)
            .Select(one => Transcript.Line(one.Key, one.Value, reactions[one.Key].CountBy(emoji => emoji)));
    }

    /// <summary>Makes a backup with the real program while users chat. Returns the messages acknowledged before it.</summary>
    private async Task<string[]> BackUpAsync(string database, List<ChangeablePerson> people)
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
    private void CompareRestored(int round, string[] answered, List<ChangeablePerson> people)
    {
        string restored = Path.Combine(_folder, "restored.db");
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(
            LogTool.Run(["restore", Backup, "--force", "--path", restored], restored, output, error) == 0, $"Round {round}: {error}");
        Assert.True(LogTool.Run(["verify", "--path", restored], restored, output, error) == 0, $"Round {round}: {output}");
        using var connection = FileConnection.Open(restored, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);

        // Each message's key is the text that it had at first. Deleted ones have no other text any more.
        List<string> said = [.. new EntryWalk(connection, CancellationToken.None).Run().Select(stored => stored.Entry).OfType<Said>()
            .DistinctBy(entry => (entry.Session, entry.Key)).Select(entry => entry.Key!)];
        Assert.Equal(said.Count, said.Distinct().Count());
        Assert.Superset(answered.ToHashSet(), said.ToHashSet());
        foreach (IGrouping<string, string> own in said.GroupBy(text => text.Split(':')[0]))
            Assert.Equal(Enumerable.Range(0, own.Count()).Select(i => $"{own.Key}: message {i}"), own);
        Assert.True(said.Count <= answered.Length + people.Sum(person => person.Said.Count) + people.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"Round {round}: {said.Count} messages restored, {answered.Length} answered before the backup.");
    }

    private string Backup => Path.Combine(_folder, "backup.db");
}
