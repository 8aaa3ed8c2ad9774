using ErlChat.History;
using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;
using ErlChat.Submissions;
using Microsoft.Extensions.Logging;

namespace ErlChat.Tests;

/// <summary>A repeating failure around the chat room is logged twice and stops nothing else.</summary>
public class ChatRoomTroubleTests
{
    // Regression: a full disk caused 14 776 lines in 4 s while users were writing.
    [Fact]
    public async Task A_thousand_refused_commands_log_one_line_at_the_beginning_and_one_at_the_end()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        log.Taking = Taking.RefusingLater;
        for (int i = 0; i < 1000; i++)
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync($"{i}"));
        log.Taking = Taking.Accepting;
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        await CalmAsync(chat, "AppendRefusedOver");
        LogLine begin = Assert.Single(chat.Logs.Of("AppendRefused")), end = Assert.Single(chat.Logs.Of("AppendRefusedOver"));
        Assert.Contains("The disk is full.", begin.Text, StringComparison.Ordinal);
        Assert.Null(begin.Exception);
        Assert.Contains("1000 commands", end.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(chat.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public async Task So_do_a_thousand_that_fail_because_of_a_bug()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("AppendFailed");
        log.Taking = Taking.Breaking;
        for (int i = 0; i < 1000; i++)
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync($"{i}"));
        log.Taking = Taking.Accepting;
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        await CalmAsync(chat, "AppendFailedOver");
        Assert.NotNull(Assert.Single(chat.Logs.Of("AppendFailed")).Exception);
        Assert.Contains("1000 failed", Assert.Single(chat.Logs.Of("AppendFailedOver")).Text, StringComparison.Ordinal);
    }

    // Regression: the reader's loop ended for good if a reading could not be ended or started again. No command was answered after that.
    [Fact]
    public async Task A_log_that_fails_to_be_read_in_every_way_is_read_again_until_it_can_be()
    {
        var log = new StubbornLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("ReadFailed");
        log.Break("end", "begin", "read", "end", "begin", "read");
        Task<Outcome?> saying = chat.Submissions.SubmitAsync(new Submission(alice.Key, "hello"));
        await Eventually.BeTrueAsync(() =>
        {
            chat.Clock.Advance(TimeSpan.FromSeconds(1));
            return saying.IsCompleted;
        });
        Assert.IsType<Accepted>(await saying);
        Assert.Single(chat.Logs.Of("ReadFailed"));
        await Eventually.BeTrueAsync(() =>
        {
            chat.Clock.Advance(TimeSpan.FromSeconds(1));
            return chat.Logs.Of("ReadFailedOver").Count == 1;
        });
        Assert.Contains("7 times", chat.Logs.Of("ReadFailedOver")[0].Text, StringComparison.Ordinal);
    }

    // Regression: if the history failed to take a message, no reader got it.
    [Fact]
    public async Task A_failing_history_keeps_no_message_from_its_readers()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithHistory(new BrokenHistory()).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await bob.DrainAsync();
        chat.Logs.Expect("ApplyFailed");
        for (int i = 0; i < 100; i++)
            Assert.IsType<Accepted>(await alice.SubmitAsync($"{i}"));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), (await bob.DrainAsync()).Select(mail => mail.Content.Words));
        Assert.Single(chat.Logs.Of("ApplyFailed"));
        chat.Clock.Advance(Outage.Calm);
        Assert.Contains("100 failed", Assert.Single(chat.Logs.Of("ApplyFailedOver")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_snapshots_are_logged_twice()
    {
        var snapshots = new FailingSnapshots();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithSnapshots(snapshots).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("SnapshotFailed");
        for (int i = 0; i < 100; i++)
            await alice.SubmitAsync($"{i}");
        await Eventually.BeTrueAsync(() => snapshots.Failed >= 50);
        snapshots.Works = true;
        await Eventually.BeTrueAsync(() =>
        {
            _ = alice.SubmitAsync("on");
            chat.Clock.Advance(TimeSpan.FromSeconds(1));
            return chat.Logs.Of("SnapshotFailedOver").Count == 1;
        });
        Assert.Single(chat.Logs.Of("SnapshotFailed"));
    }

    // Its state may contain what nobody else has.
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_stop_saves_the_state_unless_the_log_has_ended(bool isEnded, int saved)
    {
        var log = new FakeLog();
        var snapshots = new CountedSnapshots();
        await using (TestChat chat = await new TestChatBuilder().WithLog(log).WithSnapshots(snapshots).StartAsync())
        {
            TestSession alice = await chat.LoginAsync("alice");
            log.IsEnded = isEnded;
            Assert.Equal(isEnded, await alice.SubmitAsync("on") is Refused { Why: Refusal.Unavailable });
        }

        Assert.Equal(saved, snapshots.Saved);
    }

    /// <summary>A log whose readings fail to begin, continue and end, in the order that the test sets.</summary>
    private sealed class StubbornLog : IChatLog
    {
        private readonly FakeLog _log = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _failures = new();

        public string Epoch => _log.Epoch;

        /// <summary>Makes the next entry end the reading, followed by these failures.</summary>
        internal void Break(params string[] failures)
        {
            foreach (string failure in failures)
                _failures.Enqueue(failure);
            _log.ReadingBreaks = true;
        }

        public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken) => _log.AppendAsync(entry, cancellationToken);

        public IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken)
        {
            FailAt("begin");
            return new Reading(this, _log.ReadAsync(after, cancellationToken));
        }

        private void FailAt(string point)
        {
            if (_failures.TryPeek(out string? next) && next == point && _failures.TryDequeue(out _))
                throw new IOException($"It fails to {point}.");
        }

        private sealed class Reading(StubbornLog log, IAsyncEnumerable<LogEntry> entries)
            : IAsyncEnumerable<LogEntry>, IAsyncEnumerator<LogEntry>
        {
            private readonly IAsyncEnumerator<LogEntry> _entries = entries.GetAsyncEnumerator();

            public LogEntry Current => _entries.Current;

            public IAsyncEnumerator<LogEntry> GetAsyncEnumerator(CancellationToken cancellationToken) => this;

            public ValueTask<bool> MoveNextAsync()
            {
                log.FailAt("read");
                return _entries.MoveNextAsync();
            }

            public async ValueTask DisposeAsync()
            {
                await _entries.DisposeAsync();
                log.FailAt("end");
            }
        }
    }

    private sealed class BrokenHistory : IChatHistory
    {
        public void Add(string room, Mail mail) => throw new IOException("The index is damaged.");

        public void AddPrivate(SessionKey reader, Mail mail)
        {
        }

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
            CancellationToken cancellationToken) =>
            new(new MailPage([], false));
    }

    private sealed class CountedSnapshots : ISnapshotStore
    {
        public int Interval => 100;

        public int MinInterval => 1;

        internal int Saved { get; private set; }

        public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, 0, 0));

        public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
        {
            Saved++;
            return Task.CompletedTask;
        }
    }

    private sealed class FailingSnapshots : ISnapshotStore
    {
        public int Interval => 1;

        public int MinInterval => 1;

        internal int Failed { get; private set; }

        internal bool Works { get; set; }

        public ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken) => new(new ReplayStart(null, 0, 0, 0));

        public Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
        {
            if (Works)
                return Task.CompletedTask;
            Failed++;
            throw new IOException("The disk is full.");
        }
    }

    /// <summary>Advances the clock until the log reports the end of the outage. Another thread decides when the calm begins.</summary>
    private static Task CalmAsync(TestChat chat, string line) => Eventually.BeTrueAsync(() =>
    {
        chat.Clock.Advance(Outage.Calm);
        return chat.Logs.Of(line).Any();
    });
}
