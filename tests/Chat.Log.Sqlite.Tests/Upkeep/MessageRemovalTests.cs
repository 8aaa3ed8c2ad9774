using System.Text;
using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Forgetting;
using ErlChat.Sqlite.Members;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>The text of a deleted message, and those of its edits, leave the database, and the chat starts as it was.</summary>
public sealed class MessageRemovalTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deleted_text_is_nowhere_in_the_database(bool atOnce)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy");
        await chat.LoginAsync("bob");
        long kept = await SayAsync(amy, "stays");
        long said = await SayAsync(amy, "secretword one");
        long whispered = await SayAsync(amy, "secretword for bob", to: "bob");
        if (!atOnce)
            await FlushAsync();
        await EditAsync(chat, amy, said, "secretword two, which is a little longer");
        await EditAsync(chat, amy, whispered, "secretword once more");
        if (!atOnce)
            await FlushAsync();
        await DeleteAsync(chat, amy, said);
        await DeleteAsync(chat, amy, whispered);
        await EditAsync(chat, amy, kept, "stays, corrected");
        await FlushAsync();
        Assert.Equal(PrivacyStep.Idle, await StepAsync());
        string expected = await ReadAsync(chat, amy);
        Assert.Equal("stays, corrected edited; removed", expected);
        await StopAndCheckAsync(chat, "secretword");

        // The replay folds the entries without their texts.
        _parts.Execute("DELETE FROM snapshot");
        chat = await _parts.StartChatAsync();
        Assert.Equal(expected, await ReadAsync(chat, amy));
        Assert.Equal(Refusal.NoSuchMessage, Assert.IsType<Refused>(await TryEditAsync(chat, amy, said, "again")).Why);
        await _parts.StopAsync(chat);

        // So does a rebuilt history.
        Assert.Equal(0, LogTool.Run(["reindex"], _parts.File, TextWriter.Null, TextWriter.Null));
        chat = await _parts.StartChatAsync();
        Assert.Equal(expected, await ReadAsync(chat, amy));
        await StopAndCheckAsync(chat, "secretword");
    }

    // A rebuild before the texts were removed must not bring them back.
    [Fact]
    public async Task A_rebuilt_history_has_the_edits_and_the_removals()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy");
        long edited = await SayAsync(amy, "one"), removed = await SayAsync(amy, "secretword");
        await EditAsync(chat, amy, edited, "two");
        await EditAsync(chat, amy, edited, "three");
        await DeleteAsync(chat, amy, removed);
        await FlushAsync();
        string[] earlier = await EarlierAsync(edited);
        Assert.Equal(["one", "two"], earlier);
        string expected = await ReadAsync(chat, amy);
        await _parts.StopAsync(chat);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(0, LogTool.Run(["reindex"], _parts.File, TextWriter.Null, TextWriter.Null));
            chat = await _parts.StartChatAsync();
            Assert.Equal(expected, await ReadAsync(chat, amy));
            Assert.Equal(earlier, await EarlierAsync(edited));
            Assert.Empty(await SearchAsync(chat, amy, "secretword"));
            Assert.Single(await SearchAsync(chat, amy, "three"));
            await _parts.StopAsync(chat);
        }
    }

    [Fact]
    public async Task Addresses_are_forgotten_where_messages_are_always_being_deleted()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy");
        using var sweep = new PrivacySweep(
            chat.Room, Options.Create(chat.Options), chat.Clock, NullLogger<PrivacySweep>.Instance, NewPrivacy());
        await DeleteAsync(chat, amy, await SayAsync(amy, "secretword"));
        await FlushAsync();
        chat.Clock.Advance(TimeSpan.FromDays(32));
        await sweep.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE body LIKE '%secretword%'"));
        Assert.True(HostAddress.IsForgotten(chat.Room.Find(amy.Key)!.Host));
        await _parts.StopAsync(chat);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_with_edits_and_removals_is_sound(bool withoutTexts)
    {
        var tools = new Tools(_parts);
        string backup = tools.Named("backup.db");
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy");
        long edited = await SayAsync(amy, "one"), removed = await SayAsync(amy, "gone");
        await EditAsync(chat, amy, edited, "two");
        await EditAsync(chat, amy, edited, "three");
        await DeleteAsync(chat, amy, removed);
        await FlushAsync();
        if (withoutTexts)
            await StepAsync();
        string expected = await ReadAsync(chat, amy);
        await _parts.StopAsync(chat);
        tools.Do("verify");
        tools.Do("backup", backup);
        foreach ((long message, string text) in ((long, string)[])[(edited, "one"), (removed, "gone")])
        {
            _parts.Execute("UPDATE message SET text = $text WHERE sequence = $message", ("$text", text), ("$message", message));
            Assert.Equal(1, tools.Run("verify"));
            Assert.Contains($"Message {message} is not what its entry says.", tools.Output, StringComparison.Ordinal);
        }

        tools.Do("restore", backup);
        tools.Do("verify");
        chat = await _parts.StartChatAsync();
        Assert.Equal(expected, await ReadAsync(chat, await chat.LoginAsync("bob")));
        await _parts.StopAsync(chat);
    }

    // The entries are in the log, but the fold refused them: a deletion that is not allowed, and an edit of what is deleted already.
    [Fact]
    public async Task A_refused_deletion_removes_nothing_and_a_refused_edit_loses_its_text()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy"), bob = await chat.LoginAsync("bob");
        long said = await SayAsync(amy, "stays");
        await FlushAsync();
        await AppendAsync(chat, new MessageDeleted(bob.Key, said) { Nick = "amy", AuthorId = amy.Who.UserId, Room = "lobby" });
        await AppendAsync(chat, new MessageEdited(bob.Key, said, "secretword") { Nick = "amy", AuthorId = amy.Who.UserId, Room = "lobby" });
        await SayAsync(amy, "later");
        await FlushAsync();
        await StepAsync();
        Assert.Equal("stays; later", await ReadAsync(chat, amy));
        await StopAndCheckAsync(chat, "secretword");
        Assert.Equal(1, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE kind = 'said' AND body LIKE '%stays%'"));
    }

    // As after an import of a part of the log, or a salvage: the message's entry is there, but nothing says that it was deleted.
    [Fact]
    public async Task A_message_that_the_history_lacks_keeps_its_text_in_the_log()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy"), bob = await chat.LoginAsync("bob");
        long said = await SayAsync(amy, "stays");
        await AppendAsync(chat, new MessageDeleted(bob.Key, said) { Nick = "amy", AuthorId = amy.Who.UserId, Room = "lobby" });
        await SayAsync(amy, "later");
        await FlushAsync();
        _parts.Execute("DELETE FROM message WHERE sequence = $said", ("$said", said));
        await StepAsync();
        Assert.Equal(1, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE kind = 'said' AND body LIKE '%stays%'"));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task What_is_not_written_yet_is_read_like_what_is()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession amy = await chat.LoginAsync("amy");
        long old = await SayAsync(amy, "alpha old"), gone = await SayAsync(amy, "gamma gone");
        await FlushAsync();
        await EditAsync(chat, amy, old, "beta new");
        await DeleteAsync(chat, amy, gone);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("beta new edited; removed", await ReadAsync(chat, amy));
            Assert.Empty(await SearchAsync(chat, amy, "alpha"));
            Assert.Empty(await SearchAsync(chat, amy, "gamma"));
            Assert.Equal([old], (await SearchAsync(chat, amy, "beta")).Select(mail => mail.Sequence));
            ChangesPage changes = (await chat.Room.Messages.SinceAsync(amy.Key, "lobby", 0, 10, CancellationToken.None))!;
            Assert.Equal([old, gone], changes.Items.Select(mail => ChangedMessage.RefOf(mail)!.Sequence));
            ChangesPage first = (await chat.Room.Messages.SinceAsync(amy.Key, "lobby", 0, 1, CancellationToken.None))!;
            Assert.Equal((old, true), (ChangedMessage.RefOf(Assert.Single(first.Items))!.Sequence, first.More));
            await FlushAsync();
        }

        await _parts.StopAsync(chat);
    }

    private async Task StopAndCheckAsync(TestChat chat, string gone)
    {
        await _parts.StopAsync(chat);
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, TextWriter.Null, TextWriter.Null));
        Assert.DoesNotContain(gone, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_parts.File)), StringComparison.Ordinal);
    }

    private Task FlushAsync() => _parts.History.FlushWithAsync(static _ => { });

    private async Task<PrivacyStep> StepAsync() =>
        await NewPrivacy().StepAsync(static (_, _) => false, CancellationToken.None);

    private SqlitePrivacy NewPrivacy() =>
        new(_parts.Database, _parts.History, _parts.Snapshots, new SqliteCredentials(_parts.Database));

    /// <summary>Appends an entry that no door would write.</summary>
    private static async Task AppendAsync(TestChat chat, Entry entry)
    {
        long head = chat.Office.Head;
        Entry foreign = entry with { Id = new CommandId("elsewhere", head), At = chat.Time.GetUtcNow() };
        await chat.Log.AppendAsync(foreign, CancellationToken.None);
        await Eventually.BeTrueAsync(() => chat.Office.Head > head);
    }

    private static async Task<long> SayAsync(TestSession session, string text, string? to = null) =>
        Assert.IsType<Accepted>(await session.SubmitAsync(text, to: to).WithinAsync()).Sequence;

    private static Task<Outcome?> TryEditAsync(TestChat chat, TestSession session, long message, string text) =>
        chat.Room.Messages.EditAsync(chat.Office.Find(session.Key)!, message, text, null, CancellationToken.None).WithinAsync();

    private static async Task EditAsync(TestChat chat, TestSession session, long message, string text) =>
        Assert.IsType<Accepted>(await TryEditAsync(chat, session, message, text));

    private static async Task DeleteAsync(TestChat chat, TestSession session, long message) => Assert.IsType<Accepted>(
        await chat.Room.Messages.DeleteAsync(session.Box, message, null, CancellationToken.None).WithinAsync());

    private async Task<string[]> EarlierAsync(long message) =>
        [.. (await _parts.History.ReadEarlierAsync(message, CancellationToken.None)).Select(one => one.Text)];

    private static async Task<string> ReadAsync(TestChat chat, TestSession reader)
    {
        MailPage page = (await chat.Room.HistoryAsync(reader.Key, "lobby", long.MaxValue, 10, CancellationToken.None))!;
        return string.Join("; ", page.Select(mail => ChangedMessage.IsRemoved(mail)
            ? "removed" + ChangedMessage.TextOf(mail)
            : ChangedMessage.TextOf(mail) + (ChangedMessage.ChangeOf(mail) is null ? "" : " edited")));
    }

    private static async Task<MailPage> SearchAsync(TestChat chat, TestSession reader, string word)
    {
        Assert.True(SearchQuery.TryParse(word, out SearchQuery? query));
        return (await chat.Room.SearchAsync(reader.Key, query, null, long.MaxValue, 10, CancellationToken.None))!;
    }
}
