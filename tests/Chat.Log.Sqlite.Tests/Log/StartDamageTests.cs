using System.Buffers.Binary;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;

namespace ErlChat.Tests;

/// <summary>
/// Starts on damaged files of the size up to which every page is looked at, and above: a file over 32 MB ended in a stack trace.
/// </summary>
public sealed class StartDamageTests : IAsyncDisposable
{
    private const int People = 300;

    private readonly SqliteParts _parts = new();

    public StartDamageTests() => (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (200, 20);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData(100)]
    [InlineData(6000)]
    public async Task A_bad_page_in_the_newest_snapshot_costs_that_snapshot(int length)
    {
        byte[] file = await CreateAsync(length);
        long[] snapshots = Snapshots();
        DamageSnapshot(file, snapshots[^2]);
        DamageSnapshot(file, snapshots[^1]);
        await File.WriteAllBytesAsync(_parts.File, file);
        TestChat chat = await _parts.StartChatAsync();
        Assert.Contains(
            _parts.Logs.Of("SnapshotUnusable"), line => line.Text.Contains($"entry {snapshots[^2]} ", StringComparison.Ordinal));
        Assert.Equal(length == 100, _parts.Logs.Of("PartlyDamaged").Count == 1);
        await IsWholeAsync(chat);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(6000)]
    public async Task Without_any_snapshot_the_whole_log_is_folded(int length)
    {
        byte[] file = await CreateAsync(length);
        int root = (int)_parts.Scalar<long>("SELECT rootpage FROM sqlite_master WHERE name = 'snapshot'") - 1;
        new Random(3).NextBytes(file.AsSpan(root * LogFiles.Page, LogFiles.Page));
        await File.WriteAllBytesAsync(_parts.File, file);
        TestChat chat = await _parts.StartChatAsync();
        Assert.NotEmpty(_parts.Logs.Of("SnapshotsDamaged"));

        // Nor can one be saved until the database is made anew.
        chat.Logs.Expect("SnapshotFailed");
        await IsWholeAsync(chat);
    }

    // Entries that no start needs may be damaged in a large file: that is verify's to find. Those that it does need are not passed over.
    [Theory]
    [InlineData(100, 500, false)]
    [InlineData(6000, 500, true)]
    [InlineData(100, 4000, false)]
    [InlineData(6000, 4000, false)]
    public async Task Bad_pages_of_entries_end_a_start_with_one_sentence_when_it_needs_them(int length, int entry, bool starts)
    {
        byte[] file = await CreateAsync(length);
        int page = LogFiles.PageOfEntry(file, entry);
        file.AsSpan(page * LogFiles.Page, LogFiles.Page).Clear();
        if (entry == 4000)
        {
            foreach (long snapshot in Snapshots())
                DamageSnapshot(file, snapshot);
        }

        await File.WriteAllBytesAsync(_parts.File, file);
        if (starts)
        {
            await IsWholeAsync(await _parts.StartChatAsync());
            return;
        }

        LogStartException refused = Assert.Throws<LogStartException>(() => _parts.OpenLog());
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("log salvage", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        _parts.Close();
        byte[] left = await File.ReadAllBytesAsync(_parts.File);
        Assert.True(file.AsSpan().SequenceEqual(left));
    }

    /// <summary>Many people, so that a snapshot has pages of its own; then messages, and three snapshots behind them.</summary>
    private async Task<byte[]> CreateAsync(int length)
    {
        LogFiles.Create(_parts.File, 4002, length, People);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob", "192.0.2.9");
        while (Snapshots().Length < 3)
        {
            await bob.SubmitAsync("more");
            await Task.Yield();
        }

        for (int i = 0; i < 30; i++)
            await bob.SubmitAsync("more");
        await _parts.StopAsync(chat);
        byte[] file = await File.ReadAllBytesAsync(_parts.File);
        Assert.Equal(length == 6000, file.Length > 32 * 1024 * 1024);
        return file;
    }

    private long[] Snapshots()
    {
        using var connection = _parts.Connect();
        using var command = connection.Command("SELECT sequence FROM snapshot ORDER BY sequence");
        using var rows = command.ExecuteReader();
        var all = new List<long>();
        while (rows.Read())
            all.Add(rows.GetInt64(0));
        return [.. all];
    }

    /// <summary>
    /// Zeroes the second page of a snapshot: behind the checksum stands as much of the image as fits into the table's own page, then the
    /// number of that one.
    /// </summary>
    private void DamageSnapshot(byte[] file, long sequence)
    {
        using var connection = _parts.Connect();
        byte[] image = connection.Scalar<byte[]>("SELECT image FROM snapshot WHERE sequence = $sequence", ("$sequence", sequence))!;
        Assert.True(image.Length > 3 * LogFiles.Page, $"{image.Length}");
        int image0 = file.AsSpan().IndexOf(System.Security.Cryptography.SHA256.HashData(image)) + 32;
        int header = 4 + ((image.Length * 2) + 12 < 16384 ? 2 : 3);
        int split = 489 + ((header + 32 + image.Length - 489) % 4092);
        int number = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(image0 + (split <= 4061 ? split : 489) - header - 32));
        Assert.InRange(number, 2, file.Length / LogFiles.Page);
        file.AsSpan((number - 1) * LogFiles.Page, LogFiles.Page).Clear();
    }

    private async Task IsWholeAsync(TestChat chat)
    {
        Assert.Equal(People + 1, chat.Room.SessionCount);
        Assert.NotNull(chat.Room.Find(LogFiles.Alice));
        await (await chat.LoginAsync("carol", "192.0.2.8")).SubmitAsync("hello");
        await _parts.StopAsync(chat);
    }
}
