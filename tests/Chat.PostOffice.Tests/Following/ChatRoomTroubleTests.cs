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

/// <summary>What goes wrong again and again around the chat room is told twice, and ends nothing but itself.</summary>
public class ChatRoomTroubleTests
{
    // 14 776 lines in 4 s, when the disk was full while people wrote.
    [Fact]
    public async Task A_thousand_refused_commands_are_one_line_when_it_begins_and_one_when_it_ends()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        log.Taking = Taking.RefusingLater;
        for (int i = 0; i < 1000; i++)
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync($"{i}"));
        log.Taking = Taking.Well;
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        await CalmAsync(chat, "AppendRefusedOver");
        LogLine begin = Assert.Single(chat.Logs.Of("AppendRefused")), end = Assert.Single(chat.Logs.Of("AppendRefusedOver"));
        Assert.Contains("The disk is full.", begin.Text, StringComparison.Ordinal);
        Assert.Null(begin.Exception);
        Assert.Contains("1000 commands", end.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(chat.Logs.Lines, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public async Task So_are_a_thousand_that_fail_for_a_bug()
    {
        var log = new FakeLog();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        chat.Logs.Expect("AppendFailed");
        log.Taking = Taking.Breaking;
        for (int i = 0; i < 1000; i++)
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync($"{i}"));
        log.Taking = Taking.Well;
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        await CalmAsync(chat, "AppendFailedOver");
        Assert.NotNull(Assert.Single(chat.Logs.Of("AppendFailed")).Exception);
        Assert.Contains("1000 failed", Assert.Single(chat.Logs.Of("AppendFailedOver")).Text, StringComparison.Ordinal);
    }

    // The reader's loop ended for good when the reading could not even be ended, or begun again: no command was answered any more.
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

    // A history that could not take a message kept it from everybody who was to read it at once.
    [Fact]
    public async Task A_fault_of_the_history_keeps_a_message_from_nobody()
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
        Assert.Contains("100 did", Assert.Single(chat.Logs.Of("ApplyFailedOver")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_that_fail_are_told_of_twice()
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

    /// <summary>A log that fails to be begun, read and ended, as often and in the order that it is told.</summary>
    private sealed class StubbornLog : IChatLog
    {
        private readonly FakeLog _log = new();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _failures = new();

        public string Epoch => _log.Epoch;

        /// <summary>The next entry ends the reading; then follow these failures.</summary>
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

        private sealed class Reading(StubbornLog log, IAsyncEnumerable<LogEntry> entries) : IAsyncEnumerable<LogEntry>, IAsyncEnumerator<LogEntry>
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

        public ValueTask<MailPage> ReadAsync(string room, long before, PageSize size, CancellationToken cancellationToken) => new(new MailPage([], false));

        public ValueTask<MailPage> ReadPrivateAsync(SessionKey reader, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));

        public ValueTask<MailPage> SearchAsync(SearchQuery query, SearchScope scope, long before, PageSize size, CancellationToken cancellationToken) =>
            new(new MailPage([], false));
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

    /// <summary>Lets time pass until the log says that it is over; when the calm begins is the business of another thread.</summary>
    private static Task CalmAsync(TestChat chat, string line) => Eventually.BeTrueAsync(() =>
    {
        chat.Clock.Advance(Outage.Calm);
        return chat.Logs.Of(line).Any();
    });
}
