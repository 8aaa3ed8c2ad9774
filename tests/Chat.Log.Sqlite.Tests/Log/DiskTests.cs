using ErlChat.History;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using ErlChat.Submissions;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>A disk that does not take what it is given: refused, never seen, and over as soon as the disk's trouble is.</summary>
public sealed class DiskTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_full_disk_refuses_the_message_and_lets_everybody_read_on()
    {
        _parts.Logs.Expect("LogUnavailable");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.SubmitAsync("before");
        await bob.DrainAsync();
        await _parts.Database.Writer.RunAsync(connection => connection.Scalar<long>("PRAGMA max_page_count = 1"));
        Outcome? outcome;
        int sent = 0;
        do
        {
            // What room there is on the last page is used up first.
            outcome = await chat.Submissions.SubmitAsync(
                new Submission(alice.Key, $"filler {++sent} " + new string('x', 1500))).WithinAsync();
        }
        while (outcome is Accepted);
        Assert.Equal(new Refused(Refusal.Unavailable), outcome);
        Assert.False(chat.Room.IsReady);
        Assert.Equal(sent - 1, (await bob.DrainAsync()).Count);
        Assert.Equal(sent, (await chat.Room.HistoryAsync(bob.Key, "lobby", long.MaxValue, 50, CancellationToken.None))!.Count);
        Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("while it is full"));

        await _parts.Database.Writer.RunAsync(connection => connection.Scalar<long>("PRAGMA max_page_count = 1000000"));
        await Eventually.BeTrueAsync(() => chat.Room.IsReady);
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        Assert.Equal("after", Assert.Single(await bob.ContentsAsync()).Words);
        await _parts.StopAsync(chat);

        chat = await _parts.StartChatAsync();
        MailPage? all = await chat.Room.HistoryAsync(bob.Key, "lobby", long.MaxValue, 50, CancellationToken.None);
        Assert.Equal(sent + 1, all!.Count);
        Assert.DoesNotContain(all, mail => mail.Content.Words!.StartsWith($"filler {sent} ", StringComparison.Ordinal));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Another_programs_lock_is_such_a_trouble_too()
    {
        _parts.Logs.Expect("LogUnavailable");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        using (SqliteConnection other = _parts.Connect())
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("hello"));
            Assert.NotNull(await chat.Room.HistoryAsync(alice.Key, "lobby", long.MaxValue, 10, CancellationToken.None));
            other.Execute("COMMIT");
        }

        await Eventually.BeTrueAsync(() => chat.Room.IsReady);
        Assert.IsType<Accepted>(await alice.SubmitAsync("hello"));
        await _parts.StopAsync(chat);
    }

    // The commit's sync failed: whether the entries are in the file nobody knows before it is opened and looked into.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_commit_in_doubt_the_file_decides(bool written)
    {
        _parts.Logs.Expect("LogUnavailable");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await bob.DrainAsync();
        LogWriter writer = _parts.Database.Writer;
        Action<WriterConnection> commit = writer.Commit;
        writer.Commit = connection =>
        {
            writer.Commit = commit;
            if (written)
                commit(connection);
            throw new SqliteException("disk I/O error", SQLitePCL.raw.SQLITE_IOERR, SQLitePCL.raw.SQLITE_IOERR_FSYNC);
        };

        Outcome? outcome = await alice.SubmitAsync("in doubt");
        Assert.Equal(written, outcome is Accepted);
        await Eventually.BeTrueAsync(() => chat.Room.IsReady);
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        string[] expected = written ? ["in doubt", "after"] : ["after"];
        Assert.Equal(expected, (await bob.ContentsAsync()).Select(content => content.Words));
        await _parts.StopAsync(chat);

        chat = await _parts.StartChatAsync();
        MailPage? all = await chat.Room.HistoryAsync(bob.Key, "lobby", long.MaxValue, 50, CancellationToken.None);
        Assert.Equal(expected, all!.Select(mail => mail.Content.Words));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task A_group_is_refused_whole_and_in_order_whatever_waits_behind_it()
    {
        _parts.Logs.Expect("LogUnavailable");
        SqliteLog log = _parts.OpenLog();
        LogWriter writer = _parts.Database.Writer;
        Action<WriterConnection> commit = writer.Commit;
        writer.Commit = _ => throw new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL);
        Task[] appends = [.. Enumerable.Range(0, 50).Select(i => log.AppendAsync(Say(i), CancellationToken.None).AsTask())];
        foreach (Task append in appends)
            await Assert.ThrowsAsync<LogUnavailableException>(() => append.WithinAsync());
        Assert.False(log.IsAvailable);
        writer.Commit = commit;
        await Eventually.BeTrueAsync(() => log.IsAvailable);
        await log.AppendAsync(Say(50), CancellationToken.None).WithinAsync();
        Assert.Equal(1, _parts.Scalar<long>("SELECT count(*) FROM entry"));

        // The places of the refused are not given to others.
        Assert.True(_parts.Scalar<long>("SELECT max(sequence) FROM entry") > 1);
    }

    private static Said Say(int number) => new(SessionKey.Of("a"), "lobby", "hello", false) { Id = new CommandId("run", number + 1) };
}
