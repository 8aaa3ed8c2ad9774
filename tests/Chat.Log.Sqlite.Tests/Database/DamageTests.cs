using ErlChat.Log;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Log;

namespace ErlChat.Tests;

/// <summary>Files that a crash, a disk or another program has changed.</summary>
public sealed class DamageTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // Whatever is cut off or flipped at the end of the WAL, what remains is a prefix of what was written.
    [Fact]
    public async Task A_torn_WAL_leaves_a_beginning_of_the_log() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 30; i++)
            await alice.SubmitAsync($"message {i}");
        await _parts.StopAsync(chat, crash: true);
        byte[] wal = await File.ReadAllBytesAsync(_parts.File + "-wal"), file = await File.ReadAllBytesAsync(_parts.File);
        Assert.True(wal.Length > 30 * 4096);

        for (int round = 0; round < 25; round++)
        {
            byte[] torn = wal[..random.Next(32, wal.Length)];
            if (round % 2 == 1)
                torn[random.Next(torn.Length / 2, torn.Length)] ^= 0x10;
            await File.WriteAllBytesAsync(_parts.File, file);
            await File.WriteAllBytesAsync(_parts.File + "-wal", torn);
            File.Delete(_parts.File + "-shm");
            List<LogEntry> kept = await EntriesAsync();
            Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => (long)i), kept.Select(entry => entry.Sequence));
            Assert.Equal(
                Enumerable.Range(0, Math.Max(0, kept.Count - 1)).Select(i => $"message {i}"),
                kept.Select(entry => entry.Entry).OfType<Said>().Select(said => said.Text));
        }
    });

    // A page from the start of the file, or one of the last that hold entries. The last pages of the file may belong to the search index,
    // and a server starts without that.
    [Theory]
    [InlineData(0, 100)]
    [InlineData(-1, 4096)]
    [InlineData(-2, 2000)]
    [InlineData(1, 4096)]
    public async Task A_damaged_page_is_found_at_the_start_and_the_file_left_alone(int page, int bytes)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 200; i++)
            await alice.SubmitAsync($"message {i} " + new string('x', 100));
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);
        byte[] file = await File.ReadAllBytesAsync(_parts.File);
        int[] pages = page >= 0
            ? [.. Enumerable.Range(0, file.Length / LogFiles.Page)]
            : [.. LogFiles.PagesOf(file, "\"text\":\"message ")];
        new Random(1).NextBytes(file.AsSpan(pages[page >= 0 ? page : ^-page] * LogFiles.Page, bytes));
        await File.WriteAllBytesAsync(_parts.File, file);

        LogStartException refused = Assert.Throws<LogStartException>(() => _parts.OpenLog());
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        _parts.Close();
        Assert.Equal(file, await File.ReadAllBytesAsync(_parts.File));
    }

    [Fact]
    public async Task A_file_cut_short_is_found_at_the_start()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 100; i++)
            await alice.SubmitAsync($"message {i} " + new string('x', 100));
        await _parts.StopAsync(chat);
        byte[] file = await File.ReadAllBytesAsync(_parts.File);
        await File.WriteAllBytesAsync(_parts.File, file[..^6000]);
        Assert.Contains("is damaged", Assert.Throws<LogStartException>(() => _parts.OpenLog()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_not_touched()
    {
        _parts.OpenLog();
        _parts.Close();
        _parts.Execute($"PRAGMA user_version = {Schema.Version + 1}");
        byte[] file = await File.ReadAllBytesAsync(_parts.File);
        LogStartException refused = Assert.Throws<LogStartException>(() => _parts.OpenLog());
        string expected = $"schema version {Schema.Version + 1}, this program knows {Schema.Version}";
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        _parts.Close();
        Assert.Equal(file, await File.ReadAllBytesAsync(_parts.File));
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        File.Create(_parts.File).Dispose();
        _parts.Execute("CREATE TABLE recipe (name TEXT)");
        Assert.Contains("another program", Assert.Throws<LogStartException>(() => _parts.OpenLog()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_refused()
    {
        await File.WriteAllTextAsync(_parts.File, string.Concat(Enumerable.Repeat("Dear diary, ", 100)));
        Assert.Contains("is damaged", Assert.Throws<LogStartException>(() => _parts.OpenLog()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_server_on_the_same_file_is_refused()
    {
        _parts.OpenLog();
        using var second = _parts.NewDatabase();
        LogStartException refused = Assert.Throws<LogStartException>(second.Open);
        Assert.Equal($"{_parts.File} is in use by another server.", refused.Message);
    }

    private async Task<List<LogEntry>> EntriesAsync()
    {
        SqliteLog log = _parts.OpenLog();
        var entries = new List<LogEntry>();
        long newest = _parts.Database.Newest;
        if (newest > 0)
        {
            await foreach (LogEntry entry in log.ReadAsync(0, CancellationToken.None))
            {
                entries.Add(entry);
                if (entry.Sequence == newest)
                    break;
            }
        }

        _parts.Close();
        return entries;
    }
}
