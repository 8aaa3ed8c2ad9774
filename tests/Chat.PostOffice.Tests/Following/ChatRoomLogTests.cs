using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>The room and its log: when commands are answered, and when their effects are visible.</summary>
public class ChatRoomLogTests
{
    // Invariant 8: a command is visible and answered only once the log has it.
    [Fact]
    public async Task Nothing_is_visible_before_the_log_has_it()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        Task<MailRead> poll = bob.PollAsync();
        await chat.ParkedAsync(1);
        int taken = log.Taken;
        log.Hold();
        Task<Outcome?> saying = chat.Submissions.SubmitAsync(new Submission(alice.Key, "hello"));
        await Eventually.BeTrueAsync(() => log.Taken == taken + 1);
        Assert.False(saying.IsCompleted);
        Assert.False(poll.IsCompleted);
        Assert.Equal(1, chat.Office.Parked);
        log.Release();
        Assert.IsType<Accepted>(await saying.WithinAsync());
        Assert.Equal(MailStatus.Mail, (await poll.WithinAsync()).Status);
    }

    // Regression: the reader ended silently, and no command was ever answered again.
    [Fact]
    public async Task A_log_that_could_not_be_read_is_read_again()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("ReadFailed");
        log.ReadingBreaks = true;
        Task<Outcome?> saying = chat.Submissions.SubmitAsync(new Submission(alice.Key, "hello"));
        await Eventually.BeTrueAsync(() => chat.Clock.Timers == 1);
        Assert.Single(chat.Logs.Of("ReadFailed"));
        Assert.False(saying.IsCompleted);
        chat.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Accepted>(await saying.WithinAsync());
    }

    // The order within one entry: state, mail, head, answer. The history is written with the mail.
    [Fact]
    public async Task A_woken_reader_finds_the_state_and_an_answered_caller_finds_the_mail()
    {
        var log = new FakeLog();
        var history = new AskingHistory();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).WithHistory(history).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        (string? Topic, bool HeadIsBehind, bool Answered) meanwhile = default;
        log.Hold();
        Task<Outcome> setting = chat.Room.SetTopicAsync(alice.Key, RoomName.Lobby, "news", key: null);
        history.Asked = mail =>
            meanwhile = (chat.Room.FindRoom(RoomName.Lobby)!.Topic, chat.Office.Head < mail.Sequence, setting.IsCompleted);
        log.Release();
        var accepted = Assert.IsType<Accepted>(await setting.WithinAsync());
        Assert.Equal(("news", true, false), meanwhile);
        Assert.Equal(accepted.Sequence, chat.Office.Head);
        Assert.Equal(new TopicChanged(RoomName.Lobby, alice.Who, "news"), Assert.Single(await alice.ContentsAsync()));
    }

    [Theory]
    [InlineData(Taking.RefusingAtOnce)]
    [InlineData(Taking.RefusingLater)]
    public async Task When_the_log_is_unavailable_commands_are_refused_and_have_no_effect(Taking taking)
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        log.Taking = taking;
        var unavailable = new Refused(Refusal.Unavailable);
        Assert.Equal(unavailable, await alice.SubmitAsync("hello"));
        Assert.Equal(unavailable, await alice.SubmitAsync("/help"));
        Assert.Equal(unavailable, (await chat.Room.JoinAsync(new JoinRequest("carol", "192.0.2.1")).WithinAsync()).Outcome);
        Assert.Equal(unavailable, await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        Assert.Equal(2, chat.Room.SessionCount);
        Assert.Empty(await bob.DrainAsync());
        Assert.Single(chat.Logs.Of("AppendRefused"));
        log.Taking = Taking.Accepting;
        Assert.IsType<Accepted>(await alice.SubmitAsync("hello again"));
        Assert.Equal("hello again", Assert.IsType<Spoken>(Assert.Single(await bob.ContentsAsync())).Text);
    }

    [Fact]
    public async Task A_log_that_breaks_is_logged_as_a_fault_and_the_command_is_refused()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("AppendFailed");
        log.Taking = Taking.Breaking;
        Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("hello"));
        Assert.Single(chat.Logs.Of("AppendFailed"));
    }

    [Fact]
    public async Task With_a_log_that_delivers_later_and_twice_each_command_is_answered_and_seen_once()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(new FakeLog { Twice = true }).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        Outcome?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => alice.SubmitAsync($"{i}"))).WithinAsync();
        long[] sequences = [.. outcomes.Select(outcome => Assert.IsType<Accepted>(outcome).Sequence).Order()];
        Assert.Equal(200, sequences.Distinct().Count());
        IReadOnlyList<Mail> mail = await bob.DrainAsync();
        Assert.Equal(sequences, mail.Select(one => one.Sequence));
        Assert.Equal(200, mail.Select(one => ((Spoken)one.Content).Text).Distinct().Count());
        Assert.IsType<Accepted>(await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        Assert.IsType<UserLeft>(Assert.Single(await bob.ContentsAsync()));
    }

    [Fact]
    public async Task Stopping_answers_the_commands_that_wait_and_refuses_later_ones()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        log.Hold();
        Task<Outcome?>[] saying = [.. Enumerable.Range(0, 5).Select(_ => chat.Submissions.SubmitAsync(new Submission(alice.Key, "x")))];
        await Eventually.BeTrueAsync(() => log.Taken == 6);
        await chat.Room.StopAsync(CancellationToken.None).WithinAsync();
        Outcome?[] outcomes = await Task.WhenAll(saying).WithinAsync();
        Assert.All(outcomes, outcome => Assert.Equal(new Refused(Refusal.Stopping), outcome));
        Assert.Equal(new Refused(Refusal.Stopping), await alice.SubmitAsync("x"));
        Assert.Equal(new Refused(Refusal.Stopping), await chat.Room.LeaveAsync(alice.Key).WithinAsync());
        log.Release();
    }

    [Fact]
    public async Task Every_command_given_while_the_room_stops_is_answered() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++)
        {
            TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
            TestSession alice = await chat.LoginAsync("alice");
            using var racers = new Racers(3);
            var saying = new List<Task<Outcome?>>();
            var more = new List<Task<Outcome?>>();
            Task stopped = Task.CompletedTask;
            racers.Meet(
                random,
                () => Say(saying),
                () => Say(more),
                () => stopped = chat.Room.StopAsync(CancellationToken.None));
            await stopped.WithinAsync();
            foreach (Outcome? outcome in await Task.WhenAll(saying.Concat(more)).WithinAsync())
                Assert.True(outcome is Accepted or Refused { Why: Refusal.Stopping }, $"{outcome}");
            await chat.DisposeAsync();

            void Say(List<Task<Outcome?>> said)
            {
                for (int i = 0; i < 20; i++)
                    said.Add(chat.Submissions.SubmitAsync(new Submission(alice.Key, "x")));
            }
        }
    });

    [Fact]
    public async Task A_failed_delivery_is_logged_and_the_room_continues()
    {
        var history = new AskingHistory();
        await using TestChat chat = await new TestChatBuilder().WithHistory(history).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("ApplyFailed");
        history.Asked = _ => throw new InvalidOperationException("A bug.");
        Assert.NotNull(await alice.SubmitAsync("lost"));
        history.Asked = null;
        await alice.SubmitAsync("seen");
        Assert.Single(chat.Logs.Of("ApplyFailed"));
        Assert.Equal("seen", Assert.IsType<Spoken>((await alice.ContentsAsync())[^1]).Text);
    }

    // Invariant 2: another log is another epoch, which the doors compare.
    [Fact]
    public async Task The_epoch_is_the_logs()
    {
        await using TestChat one = await TestChat.StartAsync(), other = await TestChat.StartAsync();
        Assert.Equal(one.Log.Epoch, one.Room.Epoch);
        Assert.NotEqual(one.Room.Epoch, other.Room.Epoch);
    }

    // Invariant 7, across a restart: a new room over the same log continues where the old one was, and so do its mailboxes.
    [Fact]
    public async Task A_new_room_over_the_same_log_continues_where_the_old_one_was()
    {
        var log = new MemoryLog(retained: 1000);
        TestChat before = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await before.LoginAsync("alice"), bob = await before.LoginAsync("bob");
        await before.Room.EnterAsync(alice.Key, "den").WithinAsync();
        await bob.SubmitAsync("hello");
        IReadOnlyList<Mail> seen = await alice.DrainAsync();
        await before.DisposeAsync();

        await using TestChat after = await new TestChatBuilder().WithLog(log).StartAsync();
        await Eventually.BeTrueAsync(() => after.Office.Head == before.Office.Head);
        Assert.Equal(Plain.Of(before.Room.Find(alice.Key)), Plain.Of(after.Room.Find(alice.Key)));
        Assert.Equal(before.Room.Rooms(), after.Room.Rooms());
        MailRead again =
            await after.Office.Find(alice.Key)!.ReadAsync(seen[0].Sequence, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
        Assert.Equal(seen.Select(mail => Plain.Of(mail.Content)), again.Mail.Select(mail => Plain.Of(mail.Content)));
        Assert.IsType<Accepted>(await after.Submissions.SubmitAsync(new Submission(bob.Key, "still here")).WithinAsync());
    }

    private sealed class AskingHistory : IChatHistory
    {
        internal Action<Mail>? Asked { get; set; }

        public void Add(string room, Mail mail) => Asked?.Invoke(mail);

        public void AddPrivate(SessionKey reader, Mail mail) => Asked?.Invoke(mail);

        public void Forget(string room)
        {
        }

        public void Forget(SessionKey reader)
        {
        }

        public ValueTask<MailPage> ReadAsync(string room, PageStart start, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public ValueTask<MailPage> ReadPrivateAsync(
            SessionKey reader,
            Correspondent with,
            PageStart start,
            PageSize size,
            CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public ValueTask<AuthorPage> ReadOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Mail?> FindAsync(long sequence, SessionKey reader, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<ChangesPage> ReadChangesAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<EarlierText>> ReadEarlierAsync(long sequence, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<long, MessageReactions>> ReadReactionsAsync(
            IReadOnlyCollection<long> messages, IReadOnlyCollection<string> users, CancellationToken cancellationToken) =>
            new(new Dictionary<long, MessageReactions>());

        public ValueTask<ReactedPage> ReadReactedAsync(
            string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<PersonReactions> ReadReactionsOfAsync(string userId, long before, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<MailPage> SearchAsync(
            SearchQuery query,
            SearchScope scope,
            long before,
            PageSize size,
            CancellationToken cancellationToken) => new(new MailPage([], false));
    }
}
