using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>Many people at once, against one room.</summary>
public class ChatRoomRaceTests
{
    [Fact]
    public Task Of_logins_for_one_nick_at_once_exactly_one_wins() => Seeds.RunAsync(async seed =>
    {
        const int People = 6;
        var random = new Random(seed);
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        using var racers = new Racers(People);
        for (int round = 0; round < 150; round++)
        {
            var joins = new Task<JoinResult>[People];
            Action[] actions = [.. Enumerable.Range(0, People).Select(i => (Action)(() => joins[i] = chat.Room.JoinAsync(new JoinRequest(i % 2 == 0 ? $"nick{round}" : $"NICK{round}", "192.0.2.1"))))];
            racers.Meet(random, actions);
            JoinResult[] results = await Task.WhenAll(joins).WithinAsync();
            Assert.Single(results, result => result.Outcome is JoinAccepted);
            Assert.Equal(People - 1, results.Count(result => result.Outcome is Refused { Why: Refusal.NickTaken }));
        }

        Assert.Equal(150, chat.Room.SessionCount);
    });

    // Whoever comes second is told before the log, or by the fold: never are two here who look alike.
    [Fact]
    public Task Of_logins_for_nicks_that_look_alike_at_once_exactly_one_wins() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        string[] alike = ["bill", "bi1l", "biIl", "bil1", "bilI", "bi11"];
        using var racers = new Racers(alike.Length);
        for (int round = 0; round < 100; round++)
        {
            var joins = new Task<JoinResult>[alike.Length];
            Action[] actions = [.. alike.Select((nick, i) => (Action)(() => joins[i] = chat.Room.JoinAsync(new JoinRequest(nick, "192.0.2.1"))))];
            racers.Meet(random, actions);
            JoinResult[] results = await Task.WhenAll(joins).WithinAsync();
            JoinResult winner = Assert.Single(results, result => result.Outcome is JoinAccepted);
            Assert.Equal(alike.Length - 1, results.Count(result => result.Outcome is Refused { Why: Refusal.NickTaken }));
            await chat.Room.LeaveAsync(winner.Session).WithinAsync();
        }

        Assert.Equal(0, chat.Room.SessionCount);
    });

    [Fact]
    public Task Of_logins_at_once_from_one_host_only_as_many_as_may_get_in() => Seeds.RunAsync(async seed =>
    {
        const int People = 6;
        var random = new Random(seed);
        await using TestChat chat = await TestChat.StartAsync(options => options.MaxSessionsPerHost = 2);
        using var racers = new Racers(People);
        for (int round = 0; round < 100; round++)
        {
            var joins = new Task<JoinResult>[People];
            Action[] actions = [.. Enumerable.Range(0, People).Select(i => (Action)(() => joins[i] = chat.Room.JoinAsync(new JoinRequest($"n{round}x{i}", $"192.0.2.{round}"))))];
            racers.Meet(random, actions);
            JoinResult[] results = await Task.WhenAll(joins).WithinAsync();
            Assert.Equal(2, results.Count(result => result.Outcome is JoinAccepted));
            Assert.Equal(4, results.Count(result => result.Outcome is Refused { Why: Refusal.HostFull }));
        }
    });

    // Invariant 1: one order for everybody, over a log in process and over one that delivers later and twice.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task However_many_speak_at_once_everybody_reads_the_same_order(bool broker) => Seeds.RunAsync(async seed =>
    {
        const int Speakers = 6;
        const int Each = 300;
        TestChatBuilder builder = new TestChatBuilder().WithoutLimits().WithRealTime().With(options => options.MaxMailboxItems = 100_000);
        await using TestChat chat = await (broker ? builder.WithLog(new FakeLog { Twice = true }) : builder).StartAsync();
        TestSession[] people = [.. await Task.WhenAll(Enumerable.Range(0, Speakers + 2).Select(i => chat.LoginAsync($"p{i}")))];
        long from = chat.Office.Head + 1;
        Task<List<Mail>>[] readers = [.. people.Select(one => Task.Run(() => ReadAllAsync(chat, one, from, Speakers * Each)))];
        Task<long[]>[] speakers = [.. people[..Speakers].Select((one, i) => Task.Run(() => SpeakAsync(one, Each, new Random(seed + i))))];
        long[][] ids = await Task.WhenAll(speakers).WithinAsync(TimeSpan.FromSeconds(20));
        List<Mail>[] read = await Task.WhenAll(readers).WithinAsync(TimeSpan.FromSeconds(20));

        List<(long, string)> order = [.. read[0].Select(Line)];
        Assert.All(read, one => Assert.Equal(order, one.Select(Line)));
        Assert.All(order.Zip(order.Skip(1)), pair => Assert.True(pair.First.Item1 < pair.Second.Item1));
        for (int i = 0; i < Speakers; i++)
        {
            // Each speaker's words are in the order of saying, under the ids that it was answered.
            Assert.Equal(ids[i], order.Where(line => line.Item2.StartsWith($"p{i}:", StringComparison.Ordinal)).Select(line => line.Item1));
            Assert.Equal(Enumerable.Range(0, Each).Select(n => $"p{i}:{n}"), order.Select(line => line.Item2).Where(text => text.StartsWith($"p{i}:", StringComparison.Ordinal)));
        }

        Assert.Equal(0, chat.Office.Parked);
    });

    // Runs of commands longer than one caller appends for are taken over by another thread; none is forgotten.
    [Fact]
    public async Task Many_commands_given_without_waiting_are_all_answered_in_order()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().With(options => options.MaxMailboxItems = 100_000).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Task<Outcome?>[] saying = [.. Enumerable.Range(0, 2000).Select(i => chat.Submissions.SubmitAsync(new Submission(alice.Key, $"{i}")))];
        Outcome?[] outcomes = await Task.WhenAll(saying).WithinAsync();
        Assert.Equal(outcomes.Select(outcome => ((Accepted)outcome!).Sequence), (await alice.DrainAsync()).Select(mail => mail.Sequence));
    }

    // Whoever finds another appending leaves its command to that one, which must look again when it is done: here nobody comes later to help.
    [Fact]
    public Task A_command_given_just_as_another_is_done_is_not_left_lying() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        using var racers = new Racers(2);
        long started = TimeProvider.System.GetTimestamp();
        for (int round = 0; round < 20_000 && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(3); round++)
        {
            Task<Outcome> one = null!, other = null!;
            racers.Meet(random, () => one = chat.Room.TellAsync(alice.Key, "x"), () => other = chat.Room.TellAsync(alice.Key, "y"));
            Assert.IsType<Accepted>(await one.WithinAsync());
            Assert.IsType<Accepted>(await other.WithinAsync());
        }
    });

    // Invariants 9 and 10 with a whole room: whoever is parked when people are thrown out or the server stops is answered.
    [Fact]
    public Task Everybody_who_polls_ends_while_people_leave_and_the_server_stops() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        TestChat chat = await new TestChatBuilder().WithoutLimits().WithRealTime().StartAsync();
        TestSession[] people = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(i => chat.LoginAsync($"p{i}")))];
        Task<MailStatus>[] polling = [.. people.Select(one => Task.Run(() => PollUntilTheEndAsync(chat, one)))];
        foreach (TestSession one in people.OrderBy(_ => random.Next()).Take(20).ToArray())
            await chat.Room.LeaveAsync(one.Key).WithinAsync();
        chat.Office.StopAdmitting();
        MailStatus[] ends = await Task.WhenAll(polling).WithinAsync();
        Assert.Equal(20, ends.Count(end => end == MailStatus.Closed));
        Assert.Equal(20, ends.Count(end => end == MailStatus.Stopping));
        Assert.Equal(0, chat.Office.Parked);
        await chat.DisposeAsync();
    });

    private static async Task<MailStatus> PollUntilTheEndAsync(TestChat chat, TestSession session)
    {
        while (true)
        {
            MailRead read = await chat.ReadAsync(session, session.Cursor, TimeSpan.FromMinutes(10));
            if (read.Status != MailStatus.Mail)
                return read.Status;
            session.Cursor = read.Mail[^1].Sequence + 1;
        }
    }

    private static async Task<long[]> SpeakAsync(TestSession session, int count, Random random)
    {
        long[] ids = new long[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = Assert.IsType<Accepted>(await session.SubmitAsync($"{session.Nick}:{i}")).Sequence;
            if (random.Next(10) == 0)
                await Task.Yield();
        }

        return ids;
    }

    private static async Task<List<Mail>> ReadAllAsync(TestChat chat, TestSession session, long cursor, int count)
    {
        var all = new List<Mail>();
        while (all.Count < count)
        {
            MailRead read = await chat.ReadAsync(session, cursor, TimeSpan.FromMinutes(10));
            Assert.Equal(MailStatus.Mail, read.Status);
            all.AddRange(read.Mail);
            cursor = read.Mail[^1].Sequence + 1;
        }

        return all;
    }

    private static (long Sequence, string Text) Line(Mail mail) => (mail.Sequence, ((Spoken)mail.Content).Text);
}
