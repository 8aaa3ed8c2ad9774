using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Sessions;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Upkeep;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>Removing by age and by count: what is to go goes, and what a start needs stays.</summary>
public sealed class RetentionTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public RetentionTests() => (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (20, 5);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task By_default_everything_is_kept()
    {
        var time = new ManualTimeProvider();
        TestChat chat = await TalkAsync(time, 60);
        using LogRetention retention = Retention(time);
        time.UtcNow += TimeSpan.FromDays(36_000);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        await _parts.StopAsync(chat);
        Assert.Equal(61, _parts.Scalar<long>("SELECT count(*) FROM entry"));
        Assert.Equal(60, _parts.Scalar<long>("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task By_count_the_oldest_go_and_the_chat_starts_as_it_was()
    {
        var time = new ManualTimeProvider();
        _parts.Options.KeepEntries = 30;
        TestChat chat = await TalkAsync(time, 100);
        SessionKey alice = chat.Room.FindNick("alice")!.Key;
        using LogRetention retention = Retention(time);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        MailPage? page = await chat.Room.HistoryAsync(alice, "lobby", long.MaxValue, 200, CancellationToken.None);
        Assert.Equal(Enumerable.Range(70, 30).Select(i => $"message {i}"), page!.Select(mail => mail.Content.Words));
        Assert.Empty((await chat.Room.SearchAsync(alice, Query("\"message 12\""), null, long.MaxValue, 10, CancellationToken.None))!);
        Assert.Single((await chat.Room.SearchAsync(alice, Query("\"message 99\""), null, long.MaxValue, 10, CancellationToken.None))!);
        await _parts.StopAsync(chat);

        long first = _parts.Scalar<long>("SELECT min(sequence) FROM entry");
        Assert.True(first > 1);
        Assert.True(first <= _parts.Scalar<long>("SELECT min(sequence) FROM snapshot") + 1);
        chat = await _parts.StartChatAsync(time);
        Assert.NotNull(chat.Room.Find(alice));
        page = await chat.Room.HistoryAsync(alice, "lobby", long.MaxValue, 200, CancellationToken.None);
        Assert.Equal(30, page!.Count);
        MailRead read = await chat.Office.Find(alice)!.ReadAsync(
            chat.Office.Head - 3, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
        Assert.Equal(4, read.Mail.Length);
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task By_age_the_old_go()
    {
        var time = new ManualTimeProvider();
        _parts.Options.KeepFor = TimeSpan.FromDays(30);
        TestChat chat = await TalkAsync(time, 50);
        time.Advance(TimeSpan.FromDays(29));
        TestSession bob = await chat.LoginAsync("bob");
        await SayAsync(chat, bob, 60);
        using LogRetention retention = Retention(time);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(110, await _parts.Database.Readers.UseAsync(
            connection => connection.Scalar<long>("SELECT count(*) FROM message"), CancellationToken.None));
        time.Advance(TimeSpan.FromDays(2));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        await _parts.StopAsync(chat);
        Assert.Equal(60, _parts.Scalar<long>("SELECT count(*) FROM message"));
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE sequence <= 51"));
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, TextWriter.Null, TextWriter.Null));
    }

    // The only snapshot was newer than the mail to restore, and retention removed entries that an older start needed: readers had to resync
    // after the restart.
    [Fact]
    public async Task Nothing_goes_before_a_snapshot_is_as_old_as_the_mail_of_a_start()
    {
        var time = new ManualTimeProvider();
        (_parts.Options.SnapshotEvery, _parts.Options.KeepEntries) = (1000, 5);
        TestChat chat = await TalkAsync(time, 50);
        SessionKey alice = chat.Room.FindNick("alice")!.Key;
        await _parts.StopAsync(chat);
        Assert.Equal(51, _parts.Scalar<long>("SELECT max(sequence) FROM snapshot"));

        chat = await _parts.StartChatAsync(time);
        await chat.Submissions.SubmitAsync(new Submission(alice, "one more")).WithinAsync();
        using (LogRetention retention = Retention(time))
            await retention.SweepAsync(CancellationToken.None).WithinAsync();
        await _parts.StopAsync(chat);

        chat = await _parts.StartChatAsync(time);
        MailRead read = await chat.Office.Find(alice)!.ReadAsync(
            chat.Office.Head - 4, true, TimeSpan.Zero, CancellationToken.None).WithinAsync();
        Assert.Equal(5, read.Mail.Length);
        await _parts.StopAsync(chat);
    }

    // On a quiet site the next snapshot would come after months, and the words of the people with it.
    [Fact]
    public async Task Entries_held_back_by_an_old_snapshot_bring_the_next_one_early()
    {
        var time = new ManualTimeProvider();
        (_parts.Options.SnapshotEvery, _parts.Options.KeepFor) = (1000, TimeSpan.FromDays(30));
        TestChat chat = await TalkAsync(time, 50);
        TestSession bob = await chat.LoginAsync("bob");
        using LogRetention retention = Retention(time);
        time.Advance(TimeSpan.FromDays(31));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Empty(_parts.Logs.Of("SnapshotSaved"));
        await SayAsync(chat, bob, 6);
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("SnapshotSaved").Count == 1);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        await _parts.StopAsync(chat);
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE sequence <= 51"));
    }

    // A clock that jumped a hundred days ahead had the whole history removed within a minute.
    [Fact]
    public async Task A_clock_that_jumps_ahead_removes_nothing_before_it_has_been_steady_for_a_while()
    {
        var time = new ManualTimeProvider();
        _parts.Options.KeepFor = TimeSpan.FromDays(30);
        TestChat chat = await TalkAsync(time, 50);
        using LogRetention retention = Retention(time);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        time.UtcNow += TimeSpan.FromDays(100);
        for (int hour = 0; hour < 24; hour++)
        {
            await retention.SweepAsync(CancellationToken.None).WithinAsync();
            Assert.Equal(50, await MessagesAsync());
            time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        }

        Assert.Single(_parts.Logs.Of("RetentionDoubtsClock"));

        // Set back in time: nothing has happened.
        time.UtcNow -= TimeSpan.FromDays(100);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Single(_parts.Logs.Of("RetentionBelievesClock"));
        time.Advance(TimeSpan.FromDays(1));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(50, await MessagesAsync());

        // It keeps to it: then so it is.
        time.UtcNow += TimeSpan.FromDays(100);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        time.Advance(TimeSpan.FromDays(1));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(0, await MessagesAsync());
        await _parts.StopAsync(chat);
    }

    // The same when the machine starts with a wrong clock: the log's own newest entry says when it was last right, whatever has been said
    // since.
    [Fact]
    public async Task A_clock_that_is_wrong_from_the_start_is_not_believed_at_once_either()
    {
        var time = new ManualTimeProvider();
        _parts.Options.KeepFor = TimeSpan.FromDays(30);
        TestChat chat = await TalkAsync(time, 50);
        await _parts.StopAsync(chat);
        time.UtcNow += TimeSpan.FromDays(100);
        chat = await _parts.StartChatAsync(time);
        await SayAsync(chat, await chat.LoginAsync("bob"), 10);
        using LogRetention retention = Retention(time);
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(60, await MessagesAsync());
        Assert.Single(_parts.Logs.Of("RetentionDoubtsClock"));
        time.Advance(TimeSpan.FromDays(1));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(10, await MessagesAsync());
        Assert.Single(_parts.Logs.Of("RetentionBelievesClock"));
        await _parts.StopAsync(chat);
    }

    private ValueTask<long> MessagesAsync() =>
        _parts.Database.Readers.UseAsync(connection => connection.Scalar<long>("SELECT count(*) FROM message"), CancellationToken.None);

    private LogRetention Retention(TimeProvider time) =>
        new(_parts.Database, _parts.History, _parts.Snapshots, time, _parts.Logs.For<LogRetention>());

    private static SearchQuery Query(string text) =>
        SearchQuery.TryParse(text, out SearchQuery? query) ? query : throw new ArgumentException(text);

    private async Task<TestChat> TalkAsync(TimeProvider time, int messages)
    {
        TestChat chat = await _parts.StartChatAsync(time);
        await SayAsync(chat, await chat.LoginAsync("alice"), messages);
        return chat;
    }

    private async Task SayAsync(TestChat chat, TestSession session, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            await session.SubmitAsync($"message {i}");
            long due = chat.Office.Head / _parts.Options.SnapshotEvery;
            await Eventually.BeTrueAsync(() => _parts.Logs.Of("SnapshotSaved").Count >= due);
        }

        await _parts.History.FlushWithAsync(_ => { });
    }
}
