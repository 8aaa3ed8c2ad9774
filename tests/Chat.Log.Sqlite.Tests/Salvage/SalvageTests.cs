using System.Globalization;
using System.Text.RegularExpressions;

namespace ErlChat.Tests;

/// <summary>
/// Salvages databases that a disk has damaged. Each kind of damage is tried below and above the size up to which a start checks every page.
/// </summary>
public sealed partial class SalvageTests : IAsyncDisposable
{
    private const int Entries = 4002;
    private const int Small = 100;
    private const int Large = 6000;

    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public SalvageTests() => _tools = new Tools(_parts);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // The recovery in the docs used to fail with Debian's sqlite3, and an export ended at the bad page, after 1 937 of 4 002 entries.
    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task All_but_what_stood_on_a_zeroed_page_is_saved(int length)
    {
        byte[] file = Create(length);
        int page = LogFiles.PageOfEntry(file, 1937);
        file.AsSpan(page * LogFiles.Page, LogFiles.Page).Clear();
        List<int> exported = await DamageAsync(file);
        List<int> saved = Salvage();
        int[] missing = [.. Enumerable.Range(2, Entries - 1).Except(saved)];
        Assert.Contains(1937, missing);
        Assert.InRange(missing.Length, 1, length == Small ? 40 : 8);
        Assert.Equal(exported, saved.Where(number => number < 1900));

        // Their messages are still in the history, from its own tables.
        Assert.Contains($"{missing.Length} messages whose entries are lost were taken from the history.", Told, StringComparison.Ordinal);
        await StartsAsync(Entries - 1);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task A_page_that_leads_to_others_hides_none_of_them(int length)
    {
        byte[] file = Create(length);

        // The root page of the entries: without it no table refers to any of them.
        int root = (int)_parts.Scalar<long>("SELECT rootpage FROM sqlite_master WHERE name = 'entry'") - 1;
        new Random(7).NextBytes(file.AsSpan(root * LogFiles.Page, LogFiles.Page));
        await DamageAsync(file);
        Assert.Equal(Enumerable.Range(2, Entries - 1), Salvage());
        await StartsAsync(Entries - 1);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task The_first_page_is_not_needed(int length)
    {
        byte[] file = Create(length);
        file.AsSpan(0, LogFiles.Page).Clear();
        await DamageAsync(file);
        Assert.Equal(Enumerable.Range(2, Entries - 1), Salvage());
        await StartsAsync(Entries - 1);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task Flipped_bits_cost_the_entries_that_they_are_in(int length) => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        byte[] file = Create(length);
        var hit = new HashSet<int>();
        while (hit.Count < 5)
        {
            // The first entries are in the file twice: they moved when the table got its second page, and the first copy is not read.
            int number = random.Next(100, Entries);
            if (!hit.Add(number))
                continue;
            int place = file.AsSpan().IndexOf(
                System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"text\":\"message {number} x")));
            Assert.True(place > 0);
            file[place + 25 + random.Next(40)] ^= 1;
        }

        await DamageAsync(file);
        List<int> saved = Salvage();
        Assert.Equal(hit.Order(), Enumerable.Range(2, Entries - 1).Except(saved));
        Assert.Contains("5 entries were not what had been written", Told, StringComparison.Ordinal);
        await StartsAsync(Entries - 1);
    });

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task A_file_cut_short_has_what_is_in_it(int length)
    {
        byte[] file = Create(length);
        int end = LogFiles.PageOfEntry(file, 3000) * LogFiles.Page;
        await DamageAsync(file[..end]);
        List<int> saved = Salvage();
        Assert.Equal(saved.Order().Distinct(), saved);
        Assert.True(saved.Count > 1500, $"{saved.Count} of {Entries}");
        await StartsAsync(null);
    }

    // A killed server leaves most new entries in the WAL. Without the WAL, the database is sound but shows an earlier state.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_file_of_a_killed_server_can_be_salvaged_without_the_other(bool keepWal)
    {
        LogFiles.Create(_parts.File, 50, Small);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob");
        for (int i = 0; i < 30; i++)
            await bob.SubmitAsync($"message {i + 1000}");
        await _parts.StopAsync(chat, crash: true);
        File.Delete(keepWal ? _parts.File : _parts.File + "-wal");
        List<int> saved = Salvage();
        if (keepWal)
            Assert.Superset(Enumerable.Range(1000, 30).ToHashSet(), saved.ToHashSet());
        else
            Assert.Equal(Enumerable.Range(2, 49), saved);
        await StartsAsync(null);
    }

    // SQLite silently ends a WAL at its first damaged frame, although the entries after it had been acknowledged.
    [Fact]
    public async Task What_stands_in_the_WAL_behind_a_damaged_frame_is_found()
    {
        LogFiles.Create(_parts.File, 50, Small);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob");
        for (int i = 0; i < 30; i++)
            await bob.SubmitAsync($"message {i + 1000}");
        await _parts.StopAsync(chat, crash: true);
        byte[] wal = await File.ReadAllBytesAsync(_parts.File + "-wal");
        wal[32 + 24 + 200] ^= 1;
        await File.WriteAllBytesAsync(_parts.File + "-wal", wal);
        File.Delete(_parts.File + "-shm");
        Assert.Superset(Enumerable.Range(1000, 30).ToHashSet(), Salvage().ToHashSet());
    }

    // Whatever the damage, the salvaged entries are sound, in order, and all of them had been written.
    [Fact]
    public async Task What_is_salvaged_from_any_damage_was_written() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        byte[] whole = Create(300, 600);
        for (int round = 0; round < 12; round++)
        {
            byte[] file = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int start = random.Next(file.Length - LogFiles.Page);
                switch (random.Next(3))
                {
                    case 0:
                        file[start] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        random.NextBytes(file.AsSpan(start / LogFiles.Page * LogFiles.Page, LogFiles.Page));
                        break;
                    default:
                        file.AsSpan(start, random.Next(LogFiles.Page)).Clear();
                        break;
                }
            }

            await File.WriteAllBytesAsync(_parts.File, file);
            int code = _tools.Run("salvage", _tools.Named("new.db"), "--force");
            Assert.True(code == 0, $"Round {round}: {_tools.Output}{_tools.Error}");
            List<int> saved = Numbers(300);
            Assert.Equal(saved.Order().Distinct(), saved);
            Assert.True(saved.Count > 300, $"Round {round}: {saved.Count} of 599. {Told}");
        }
    });

    [Fact]
    public async Task Sessions_and_bans_come_from_a_snapshot_when_the_entries_that_made_them_are_lost()
    {
        (_parts.Options.SnapshotEvery, _parts.Options.RestoreMail) = (50, 10);
        LogFiles.Create(_parts.File, 500, Large);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob");
        for (int i = 0; i < 60; i++)
            await bob.SubmitAsync($"message {i + 1000}");
        await _parts.StopAsync(chat);
        byte[] file = await File.ReadAllBytesAsync(_parts.File);

        // The page with alice's login.
        int page = LogFiles.PageOf(file, "\"nick\":\"alice\"");
        file.AsSpan(page * LogFiles.Page, LogFiles.Page).Clear();
        await File.WriteAllBytesAsync(_parts.File, file);
        List<int> saved = Salvage();
        _tools.Do("restore", _tools.Named("new.db"), "--force");
        chat = await _parts.StartChatAsync();
        Assert.NotNull(chat.Room.Find(LogFiles.Alice));
        Assert.NotNull(chat.Room.Find(bob.Key));
        await _parts.StopAsync(chat);
        Assert.True(saved.Count > 540);
    }

    // Without the sender's login, and without a snapshot, the fold accepts none of her messages. All of them used to be missing from the
    // history, although their entries and the history's own rows were sound.
    [Fact]
    public async Task What_was_said_stays_in_the_history_when_the_login_before_it_is_lost()
    {
        byte[] file = Create(Small, 400);
        int page = LogFiles.PageOf(file, "\"nick\":\"alice\"");
        file.AsSpan(page * LogFiles.Page, LogFiles.Page).Clear();
        await File.WriteAllBytesAsync(_parts.File, file);
        int entries = Salvage().Count;
        Assert.InRange(entries, 300, 398);
        Assert.Contains($"{399 - entries} messages whose entries are lost were taken from the history.", Told, StringComparison.Ordinal);
        Assert.Contains($"{entries} messages of sessions or rooms whose own entries are lost were taken from the history.", Told,
            StringComparison.Ordinal);
        _tools.Do("restore", _tools.Named("new.db"), "--force");
        Assert.Equal(399, _parts.Scalar<long>("SELECT count(*) FROM message"));

        // A reindex of the result folds the same entries and removes none of them either.
        _tools.Do("reindex");
        Assert.Equal(399, _parts.Scalar<long>("SELECT count(*) FROM message"));
        _tools.Do("verify");
    }

    // The names of the tables are on a page as well: after one flipped bit there, SQLite knows no such table.
    [Theory]
    [InlineData("entry")]
    [InlineData("snapshot")]
    [InlineData("message")]
    [InlineData("participant")]
    [InlineData("meta")]
    public void A_table_whose_name_is_damaged_hides_no_other(string table)
    {
        Create(Small, 400);
        _parts.Execute($"ALTER TABLE {table} RENAME TO {table[..^1]}_");
        Assert.Equal(Enumerable.Range(2, 399), Salvage());
    }

    [Fact]
    public void A_file_that_is_not_a_log_is_reported_to_have_no_entries()
    {
        File.WriteAllText(_parts.File, string.Concat(Enumerable.Repeat("Dear diary, ", 1000)));
        Assert.Equal(1, _tools.Run("salvage", _tools.Named("new.db")));
        Assert.Contains("No entry was found", _tools.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tools.Named("new.db")));
        Assert.Equal(2, _tools.Run("salvage", _parts.File));
    }

    private byte[] Create(int length, int entries = Entries)
    {
        LogFiles.Create(_parts.File, entries, length);
        byte[] file = File.ReadAllBytes(_parts.File);
        if (entries == Entries)
            Assert.Equal(length == Large, file.Length > 32 * 1024 * 1024);
        return file;
    }

    /// <summary>Writes the damaged file; what verify and export say of it. The messages below 1900 that an export has.</summary>
    private async Task<List<int>> DamageAsync(byte[] file)
    {
        await File.WriteAllBytesAsync(_parts.File, file);
        Assert.Equal(1, _tools.Run("verify"));
        Assert.Equal(1, _tools.Run("export"));
        Assert.DoesNotContain("   at ", _tools.Error, StringComparison.Ordinal);
        return [.. Written().Matches(_tools.Output).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .Where(number => number < 1900)];
    }

    /// <summary>Salvages into a new file; the numbers of the messages that are in it. The damaged file stays as it is.</summary>
    private List<int> Salvage()
    {
        byte[]? before = File.Exists(_parts.File) ? File.ReadAllBytes(_parts.File) : null;
        _tools.Do("salvage", _tools.Named("new.db"));
        TestContext.Current.SendDiagnosticMessage(_tools.Output);
        if (before is not null)
            Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(_parts.File)));
        return Numbers(null);
    }

    private List<int> Numbers(int? length)
    {
        Told = _tools.Output;
        _tools.Do("verify", "--path", _tools.Named("new.db"));
        List<string> said = Tools.Said(_tools.Named("new.db"));
        List<int> numbers = [.. said.Select(text => int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture))];
        if (length is { } all)
            Assert.Equal(numbers.Select(number => LogFiles.TextOf(number, all)), said);
        return numbers;
    }

    [GeneratedRegex("\"text\":\"message (\\d+) ")]
    private static partial Regex Written();

    /// <summary>The output of the salvage.</summary>
    private string Told { get; set; } = "";

    private async Task StartsAsync(int? messages)
    {
        _tools.Do("restore", _tools.Named("new.db"), "--force");
        TestChat chat = await _parts.StartChatAsync();
        if (messages is { } all)
        {
            Assert.NotNull(chat.Room.Find(LogFiles.Alice));
            Assert.Equal(all, _parts.Scalar<long>("SELECT count(*) FROM message"));
        }

        await (await chat.LoginAsync("carol")).SubmitAsync("hello");
        await _parts.StopAsync(chat);
        _tools.Do("verify");
    }
}
