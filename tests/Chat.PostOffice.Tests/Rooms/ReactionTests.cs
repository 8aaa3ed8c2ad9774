using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Reactions that are gathered, in a whole chat.</summary>
public class ReactionTests
{
    private static readonly string[] s_emoji = ["👍", "🙂", "🚀"];

    [Fact]
    public async Task Five_hundred_who_react_at_once_cause_few_entries_and_all_readers_count_the_same()
    {
        await using TestChat chat = await StartAsync(options => options.ReactionGather = TimeSpan.FromSeconds(1));
        TestSession[] people = await PeopleAsync(chat, 500);
        long message = await SayAsync(chat, people[0]);
        long head = chat.Office.Head;
        Outcome?[] outcomes = await Task.WhenAll(people.Select(one => Task.Run(() => ReactAsync(chat, one, message, "👍", true))));
        Assert.All(outcomes, one => Assert.IsType<Accepted>(one));
        Assert.InRange(chat.Office.Head - head, 5, 20);
        foreach (TestSession reader in people.Take(20))
        {
            Mail[] mail = [.. await ReadAsync(reader, head + 1)];
            Assert.InRange(mail.Length, 5, 20);
            Assert.All(mail, one => Assert.InRange(((ReactionsChanged)one.Content).Changes.Count, 1, chat.Options.MaxReactionsPerEntry));
            Assert.Equal(500, Folded(mail).Count);
        }

        Assert.Equal(500, Assert.Single(await CountsAsync(chat, people[1], message)).Count);
    }

    // What the race is about: toggles of the same people while batches are gathered, written and applied.
    [Fact]
    public Task Whatever_people_do_at_once_the_mail_adds_up_to_what_the_history_has() => Seeds.RunAsync(async seed =>
    {
        await using TestChat chat = await StartAsync(options =>
            (options.ReactionGather, options.MaxReactionsPerEntry) = (TimeSpan.FromMilliseconds(2), 7));
        TestSession[] people = await PeopleAsync(chat, 24);
        long[] messages = [await SayAsync(chat, people[0]), await SayAsync(chat, people[1])];
        long head = chat.Office.Head;
        using var barrier = new Barrier(people.Length);
        var wanted = new Dictionary<(long, string, string), bool>[people.Length];
        await Task.WhenAll(people.Select((one, number) => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait(TimeSpan.FromSeconds(30));
                return ToggleAsync(number);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap())).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        HashSet<(long, string, string)> expected =
            [.. wanted.SelectMany(one => one).Where(one => one.Value).Select(one => one.Key)];
        Mail[] mail = [.. await ReadAsync(people[^1], head + 1)];
        Assert.Equal(expected.Order(), Folded(mail).Order());
        foreach (long message in messages)
        {
            Assert.Equal(
                expected.Where(one => one.Item1 == message).GroupBy(one => one.Item2).Select(same => (same.Key, same.Count())).Order(),
                (await CountsAsync(chat, people[0], message)).Select(one => (one.Emoji, one.Count)).Order());
        }

        async Task ToggleAsync(int number)
        {
            var random = new Random(seed + number);
            TestSession one = people[number];
            Dictionary<(long, string, string), bool> last = wanted[number] = [];
            for (int i = 0; i < 30; i++)
            {
                (long message, string emoji, bool on) =
                    (messages[random.Next(2)], s_emoji[random.Next(s_emoji.Length)], random.Next(2) == 0);
                Outcome? outcome = await ReactAsync(chat, one, message, emoji, on);
                Assert.Equal(last.GetValueOrDefault((message, emoji, one.Who.UserId)) == on, outcome is null);
                last[(message, emoji, one.Who.UserId)] = on;
            }
        }
    });

    // From two devices, say: the second does not overtake the first, and each changes something.
    [Fact]
    public async Task A_toggle_back_in_the_same_moment_is_written_after_the_first()
    {
        await using TestChat chat = await StartAsync(options => options.ReactionGather = TimeSpan.FromMilliseconds(500));
        TestSession[] people = await PeopleAsync(chat, 2);
        long message = await SayAsync(chat, people[0]);
        long head = chat.Office.Head;
        Task<Outcome?> first = ReactAsync(chat, people[0], message, "👍", true);
        Task<Outcome?> second = ReactAsync(chat, people[0], message, "👍", false);
        Assert.True(Assert.IsType<Accepted>(await first).Sequence < Assert.IsType<Accepted>(await second).Sequence);
        Assert.Equal(
            [true, false],
            (await ReadAsync(people[1], head + 1)).Select(mail => Assert.Single(((ReactionsChanged)mail.Content).Changes).On));
        Assert.Empty(await CountsAsync(chat, people[1], message));
    }

    [Fact]
    public async Task Nothing_is_written_for_what_is_there_already_or_is_too_much()
    {
        await using TestChat chat = await StartAsync(options =>
            (options.ReactionGather, options.MaxEmojisPerMessage, options.MaxReactionsPerMessage) = (TimeSpan.Zero, 2, 3));
        TestSession[] people = await PeopleAsync(chat, 3);
        long message = await SayAsync(chat, people[0]);
        Assert.Null(await ReactAsync(chat, people[0], message, "👍", false));
        Assert.IsType<Accepted>(await ReactAsync(chat, people[0], message, "👍", true));
        long head = chat.Office.Head;
        Assert.Null(await ReactAsync(chat, people[0], message, "👍", true));
        Assert.Equal(head, chat.Office.Head);
        Assert.IsType<Accepted>(await ReactAsync(chat, people[0], message, "🙂", true));
        Assert.Equal(new Refused(Refusal.TooManyReactions), await ReactAsync(chat, people[1], message, "🚀", true));
        Assert.IsType<Accepted>(await ReactAsync(chat, people[1], message, "👍", true));
        Assert.Equal(new Refused(Refusal.TooManyReactions), await ReactAsync(chat, people[2], message, "👍", true));
        Assert.IsType<Accepted>(await ReactAsync(chat, people[0], message, "🙂", false));
        Assert.IsType<Accepted>(await ReactAsync(chat, people[2], message, "🚀", true));
    }

    private static Task<TestChat> StartAsync(Action<ChatOptions> change) => new TestChatBuilder().WithoutLimits().WithRealTime()
        .With(options => options.MaxMailboxItems = 100_000)
        .With(change)
        .StartAsync();

    private static async Task<TestSession[]> PeopleAsync(TestChat chat, int count)
    {
        var people = new TestSession[count];
        for (int i = 0; i < count; i++)
            people[i] = await chat.LoginAsync($"user{i}");
        return people;
    }

    private static async Task<long> SayAsync(TestChat chat, TestSession who)
    {
        await chat.SayAsync(who, "words");
        return chat.Office.Head;
    }

    private static Task<Outcome?> ReactAsync(TestChat chat, TestSession who, long message, string emoji, bool on) =>
        chat.Room.Reactions.ReactAsync(who.Box, message, emoji, on, key: null, CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

    private static async Task<IEnumerable<Mail>> ReadAsync(TestSession reader, long from)
    {
        MailRead read = await reader.Box.ReadAsync(from, hideListed: false, TimeSpan.Zero, CancellationToken.None);
        return read.Mail.Where(mail => mail.Content is ReactionsChanged);
    }

    /// <summary>What a client knows that adds up the mail. Each change changes something.</summary>
    private static HashSet<(long, string, string)> Folded(IEnumerable<Mail> all)
    {
        var now = new HashSet<(long, string, string)>();
        foreach (Mail mail in all)
        {
            var changed = (ReactionsChanged)mail.Content;
            foreach (ReactionMade made in changed.Changes)
            {
                (long, string, string) one = (changed.Message, made.Emoji, made.UserId);
                Assert.True(made.On ? now.Add(one) : now.Remove(one));
            }
        }

        return now;
    }

    private static async Task<IReadOnlyList<EmojiReactions>> CountsAsync(TestChat chat, TestSession reader, long message) =>
        (await chat.History.ReadReactionsAsync([message], [reader.Who.UserId], CancellationToken.None)).TryGetValue(
            message, out MessageReactions? found)
            ? found.Emojis
            : [];
}
