using ErlChat.History;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;

namespace ErlChat.Tests;

/// <summary>Entries that were changed outside the server, and files without checksums.</summary>
public sealed class ChecksumTests : IAsyncDisposable
{
    /// <summary>Computed by a separate program that writes the documented bytes and hashes them.</summary>
    private const long Pinned = 178715641700788063;

    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public ChecksumTests() => _tools = new Tools(_parts);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // One changed letter in a message: SQLite accepts it, and verify used to report no problem.
    [Theory]
    [InlineData("body = replace(body, 'message 5', 'massage 5')")]
    [InlineData("kind = 'told'")]
    [InlineData("origin = 'tesT'")]
    [InlineData("counter = counter + 100")]
    [InlineData("at = at + 1")]
    [InlineData("sequence = 77")]
    public async Task A_changed_entry_is_found_by_verify_and_not_applied_at_a_start(string change)
    {
        LogFiles.Create(_parts.File, 10, 20);
        _tools.Do("verify");
        _parts.Execute($"UPDATE entry SET {change} WHERE sequence = 5");
        int sequence = change.Contains("77", StringComparison.Ordinal) ? 77 : 5;
        Assert.Equal(1, _tools.Run("verify"));
        Assert.Contains($"Entry {sequence}: It is not what was written: its checksum is wrong.", _tools.Output, StringComparison.Ordinal);
        Assert.Equal(1, _tools.Run("export"));
        Assert.Equal(1, _tools.Output.Split('\n').Count(line => line.Contains("\"problem\":", StringComparison.Ordinal)));

        _parts.Execute("DELETE FROM message; DELETE FROM participant; DELETE FROM meta WHERE key = 'history_through'");
        _parts.Logs.Expect("UnreadableEntry");
        TestChat chat = await _parts.StartChatAsync();
        LogLine told = Assert.Single(_parts.Logs.Of("UnreadableEntry"));
        Assert.Contains($"Entry {sequence} ", told.Text, StringComparison.Ordinal);
        Assert.Contains("its checksum is wrong", told.Text, StringComparison.Ordinal);
        Assert.Null(told.Exception);
        MailPage page = (await chat.Room.HistoryAsync(
            LogFiles.Alice, "lobby", long.MaxValue, new PageSize(100, 100_000), CancellationToken.None))!;
        Assert.Equal(8, page.Count);
        Assert.DoesNotContain(page, mail => mail.Content.Words!.Contains("ssage 5", StringComparison.Ordinal));
        await _parts.StopAsync(chat);
    }

    // The history is a separate copy without checksums. A change in it is found by comparison with the entry.
    [Fact]
    public void A_changed_letter_in_the_history_is_found_and_mended()
    {
        LogFiles.Create(_parts.File, 10, 20);
        _parts.Execute("UPDATE message SET text = replace(text, 'message 5', 'massage 5') WHERE sequence = 5");
        Assert.Equal(1, _tools.Run("verify"));
        Assert.Contains("Message 5 is not what its entry says.", _tools.Output, StringComparison.Ordinal);
        _tools.Do("reindex");
        _tools.Do("verify");
        Assert.Equal(LogFiles.TextOf(5, 20), _parts.Scalar<string>("SELECT text FROM message WHERE sequence = 5"));
    }

    [Fact]
    public void A_million_entries_of_an_older_version_get_the_column_at_once()
    {
        const int entries = 1_000_000;
        LogFiles.Create(_parts.File, 2, 20);
        SetBackToVersion1();
        _parts.Execute(
            "INSERT INTO entry (sequence, kind, origin, counter, at, body) "
            + "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < $entries) "
            + "SELECT i, 'parted_room', 'test', i, 0, '{\"session\":\"' || $alice || '\",\"room\":\"none\"}' FROM n",
            ("$entries", entries),
            ("$alice", LogFiles.Alice.ToString()));
        using (var connection = _parts.Connect())
        {
            long started = TimeProvider.System.GetTimestamp();
            SchemaUpgrade.Run(connection);
            TimeSpan took = TimeProvider.System.GetElapsedTime(started);
            TestContext.Current.SendDiagnosticMessage($"{entries} entries upgraded in {took.TotalMilliseconds:F0} ms.");
            Assert.True(took < TimeSpan.FromSeconds(2), took.ToString());
        }
    }

    [Fact]
    public async Task A_file_of_version_1_is_verified_as_it_is_and_upgraded_at_the_start()
    {
        LogFiles.Create(_parts.File, 10, 20);
        SetBackToVersion1();
        foreach (string command in (string[])["verify", "export"])
            _tools.Do(command);
        _tools.Do("backup", _tools.Named("old.db"));
        Assert.Equal(1L, _parts.Scalar<long>("PRAGMA user_version"));
        TestChat chat = await _parts.StartChatAsync();
        await (await chat.LoginAsync("bob")).SubmitAsync("new");
        await _parts.StopAsync(chat);
        Assert.Equal((long)Schema.Version, _parts.Scalar<long>("PRAGMA user_version"));
        _tools.Do("verify");
        Assert.Contains("10 of them are without a checksum", _tools.Output, StringComparison.Ordinal);
        _tools.Do("compact");
        _tools.Do("verify");
        Assert.DoesNotContain("without a checksum", _tools.Output, StringComparison.Ordinal);
        Assert.Equal(0L, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE checksum IS NULL"));

        _tools.Do("restore", _tools.Named("old.db"));
        Assert.Equal((long)Schema.Version, _parts.Scalar<long>("PRAGMA user_version"));
        _tools.Do("reindex");
        Assert.Equal(0L, _parts.Scalar<long>("SELECT count(*) FROM entry WHERE checksum IS NULL"));
    }

    // Files contain the checksum: if its computation changed, every existing entry would look damaged.
    [Fact]
    public void The_checksum_of_an_entry_is_pinned() =>
        Assert.Equal(Pinned, EntryChecksum.Of(
            7, new EntryRow("said", "run", 12, 17_900_000_000_000_000, "{\"session\":\"00\",\"room\":\"lobby\",\"text\":\"Ä\"}")));

    private void SetBackToVersion1()
    {
        _parts.DropWhatIsNew();
        _parts.Execute("ALTER TABLE entry DROP COLUMN checksum; PRAGMA user_version = 1");
    }
}
