using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>Backups put back.</summary>
public sealed class RestoreTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public RestoreTests() => _tools = new Tools(_parts);

    private string Backup => _tools.Named("backup.db");

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_restore_is_refused_while_a_server_runs()
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        string[][] commands =
            [["restore", Backup], ["salvage", _tools.Named("new.db")], ["import", Backup, "--force"], ["reindex"], ["compact"]];
        foreach (string[] command in commands)
        {
            Assert.Equal(1, _tools.Run(command));
            Assert.Equal($"{_parts.File} is in use by another server.\n", _tools.Error);
        }

        await _parts.StopAsync(chat);
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.before-*"));
    }

    // A backup that was copied over the files of a killed server met its WAL, which SQLite then wrote into it: neither the one nor the
    // other was left.
    [Fact]
    public async Task The_WAL_of_a_killed_server_goes_with_its_database()
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        await (await chat.LoginAsync("bob")).SubmitAsync("two");
        await _parts.StopAsync(chat, crash: true);
        Assert.True(new FileInfo(_parts.File + "-wal").Length > 0);
        _tools.Do("restore", Backup);
        Assert.False(File.Exists(_parts.File + "-wal"));
        Assert.Equal(["one"], Tools.Said(_parts.File));
        string kept = Assert.Single(Directory.GetFiles(_parts.Folder, "*.before-*"),
            file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));
        Assert.Equal(["one", "two"], Tools.Said(kept));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileModes.PrivateFile, File.GetUnixFileMode(_parts.File));
        _tools.Do("verify");
        await _parts.StopAsync(await _parts.StartChatAsync());
    }

    // The start counted the sequences that a restore leaves out, and told of 177 000 000 000 000 entries.
    [Fact]
    public async Task The_gap_in_the_sequences_is_not_counted_as_entries()
    {
        TestChat chat = await TalkAsync("one");
        await _parts.StopAsync(chat);
        _tools.Do("backup", Backup);
        long before = Entries();
        _tools.Do("restore", Backup);
        chat = await _parts.StartChatAsync();
        Assert.Equal(before, _parts.Database.Facts!.Entries);
        await (await chat.LoginAsync("bob")).SubmitAsync("two");
        await _parts.StopAsync(chat);
        chat = await _parts.StartChatAsync();
        Assert.Equal(Entries(), _parts.Database.Facts!.Entries);
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Force_removes_the_database_of_before()
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        await _parts.StopAsync(chat, crash: true);
        _tools.Do("restore", Backup, "--force");
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.before-*"));
        Assert.Equal(["one"], Tools.Said(_parts.File));
    }

    // The same by hand: the copy says that it is a backup, so no server takes it together with the WAL beside it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_that_was_only_copied_into_place_is_refused_and_left_alone(bool killed)
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        await _parts.StopAsync(chat, crash: killed);
        File.Copy(Backup, _parts.File, overwrite: true);
        LogStartException refused = Assert.Throws<LogStartException>(() => _parts.OpenLog());
        Assert.Contains("is a backup: `log restore`", refused.Message, StringComparison.Ordinal);
        _parts.Close();
        Assert.Equal(await File.ReadAllBytesAsync(Backup), await File.ReadAllBytesAsync(_parts.File));

        // What has to be done is possible from there.
        File.Move(_parts.File, Backup, overwrite: true);
        _tools.Do("restore", Backup);
        Assert.Equal(["one"], Tools.Said(_parts.File));
        _tools.Do("verify");
    }

    [Fact]
    public async Task A_WAL_without_its_database_is_not_taken_for_a_new_ones()
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        await _parts.StopAsync(chat, crash: true);
        File.Delete(_parts.File);
        Assert.Contains("is missing, but chat.db-wal is there", Assert.Throws<LogStartException>(() => _parts.OpenLog()).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_parts.File));
        _parts.Close();
        _tools.Do("restore", Backup);
        Assert.Equal(["one"], Tools.Said(_parts.File));
    }

    [Theory]
    [InlineData("UPDATE entry SET body = '{}' WHERE sequence = 2")]
    [InlineData("INSERT INTO snapshot (sequence, format, sha256, image) VALUES (3, 1, zeroblob(32), zeroblob(9))")]
    public async Task A_backup_that_is_not_sound_changes_nothing(string damage)
    {
        await _parts.StopAsync(await TalkAsync("one"));
        _tools.Do("backup", Backup);
        using (var connection = FileConnection.Open(Backup, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
            connection.Execute(damage);
        byte[] file = await File.ReadAllBytesAsync(_parts.File);
        Assert.Equal(1, _tools.Run("restore", Backup));
        Assert.Contains("is not sound", _tools.Error, StringComparison.Ordinal);
        Assert.Equal(1, _tools.Run("restore", _tools.Named("none.db")));
        await File.WriteAllTextAsync(_tools.Named("letter.txt"), string.Concat(Enumerable.Repeat("Dear diary, ", 100)));
        Assert.Equal(1, _tools.Run("restore", _tools.Named("letter.txt")));
        Assert.Equal(file, await File.ReadAllBytesAsync(_parts.File));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.before-*"));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));
    }

    [Fact]
    public async Task A_restore_makes_a_database_where_there_is_none()
    {
        await _parts.StopAsync(await TalkAsync("one"));
        _tools.Do("backup", Backup);
        string elsewhere = _tools.Named(Path.Combine("new", "place", "chat.db"));
        _tools.Do("restore", Backup, "--path", elsewhere);
        Assert.Equal(["one"], Tools.Said(elsewhere));
    }

    // A reader that sends no epoch and had read further than the backup would have gone on somewhere in what came after it, and have missed
    // the rest.
    [Fact]
    public async Task Every_cursor_of_before_a_restore_is_told_to_resync_and_stays_so() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        TestChat chat = await TalkAsync("one");
        TestSession alice = await chat.LoginAsync("reader");
        string epoch = chat.Room.Epoch;
        _tools.Do("backup", Backup);
        TestSession bob = await chat.LoginAsync("bob");
        for (int i = 0; i < 50; i++)
            await bob.SubmitAsync($"lost {i}");
        long highest = chat.Office.Head;
        await _parts.StopAsync(chat, crash: random.Next(2) == 0);
        long backedUp = Tools.Said(Backup).Count + 2;
        _tools.Do("restore", Backup);

        for (int restart = 0; restart < 3; restart++)
        {
            chat = await _parts.StartChatAsync();
            Assert.NotEqual(epoch, chat.Room.Epoch);
            TestSession carol = await chat.LoginAsync($"carol{restart}");
            await carol.SubmitAsync("after");
            Assert.True(chat.Office.Head > highest + 1);
            Assert.InRange(chat.Office.Head, highest, 1L << 53);
            Mailbox box = chat.Office.Find(alice.Key)!;
            for (long cursor = 2; cursor <= highest + 1; cursor++)
                Assert.Equal(
                    MailStatus.Resync, (await box.ReadAsync(cursor, hideListed: true, TimeSpan.Zero, CancellationToken.None)).Status);
            Started started = chat.Room.StartReading(box);
            Assert.Equal(
                MailStatus.Timeout, (await box.ReadAsync(started.From, hideListed: true, TimeSpan.Zero, CancellationToken.None)).Status);
            await carol.SubmitAsync("to be read");
            MailRead read = await box.ReadAsync(started.From, hideListed: true, TimeSpan.Zero, CancellationToken.None);
            Assert.Equal(MailStatus.Mail, read.Status);
            Assert.Contains(read.Mail, mail => mail.Content.Words == "to be read");
            await _parts.StopAsync(chat, crash: restart == 1);
        }

        Assert.True(backedUp < highest);
    });

    // The database that was lost had given sequences that nobody knows any more, also to readers after an earlier restore of the same
    // backup.
    [Fact]
    public async Task A_restore_without_the_old_database_goes_on_above_what_it_may_have_given()
    {
        TestChat chat = await TalkAsync("one");
        _tools.Do("backup", Backup);
        await _parts.StopAsync(chat);
        long above = 0;
        for (int i = 0; i < 3; i++)
        {
            foreach (string file in Directory.GetFiles(_parts.Folder, "chat.db*"))
                File.Delete(file);
            _tools.Do("restore", Backup);
            chat = await _parts.StartChatAsync();
            long first = chat.Office.Head + 1;
            Assert.True(first > above, $"{first} is not above {above}.");
            TestSession dave = await chat.LoginAsync("dave");
            for (int j = 0; j < 100; j++)
                await dave.SubmitAsync($"message {j}");
            above = chat.Office.Head;
            await _parts.StopAsync(chat);
        }
    }

    // A damaged page can contain any number. A number that no log can have assigned used to exhaust the sequences, and the next restore
    // found none above it.
    [Fact]
    public async Task A_number_that_no_log_has_given_is_not_gone_on_from()
    {
        await _parts.StopAsync(await TalkAsync("one"));
        _tools.Do("backup", Backup);
        _parts.Execute($"UPDATE sqlite_sequence SET seq = {1L << 60} WHERE name = 'entry'");
        long above = 0;
        for (int i = 0; i < 2; i++)
        {
            _tools.Do("restore", Backup);
            long next = _parts.Scalar<long>("SELECT seq FROM sqlite_sequence WHERE name = 'entry'");
            Assert.InRange(next, above + 1, 1L << 52);
            above = next;
        }
    }

    // A machine that lost its power between the last two steps of a restore had no database, and a start made an empty one without a word.
    [Fact]
    public async Task A_restore_that_was_cut_off_is_not_followed_by_an_empty_chat()
    {
        await _parts.StopAsync(await TalkAsync("one"));
        _tools.Do("backup", Backup);
        File.Move(_parts.File, _parts.File + ".before-20261120-070000");
        File.Copy(Backup, _parts.File + ".0123abcd.partial");
        Assert.Contains(
            "a restore was cut off", Assert.Throws<LogStartException>(() => _parts.OpenLog()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_parts.File));
        _parts.Close();
        _tools.Do("restore", Backup);
        Assert.Equal(["one"], Tools.Said(_parts.File));
        await _parts.StopAsync(await _parts.StartChatAsync());
    }

    private long Entries()
    {
        using SqliteConnection connection = _parts.Connect();
        return connection.Scalar<long>("SELECT count(*) FROM entry");
    }

    private async Task<TestChat> TalkAsync(string text)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync(text);
        await _parts.History.FlushWithAsync(_ => { });
        return chat;
    }
}
