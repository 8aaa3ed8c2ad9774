using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Files;

namespace ErlChat.Tests;

/// <summary>Copies of a database that is in use.</summary>
public sealed class BackupTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly Tools _tools;

    public BackupTests() => _tools = new Tools(_parts);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // The backup command in the docs used to start over with every write of the server: with five messages a second it never ended.
    [Fact]
    public async Task A_backup_ends_while_users_chat_and_contains_all_earlier_messages()
    {
        LogFiles.Create(_parts.File, 20_000, 500);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob");
        using var stop = new CancellationTokenSource();
        var said = new List<string>();
        Task talking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                string text = $"live {said.Count}";
                await bob.SubmitAsync(text);
                lock (said)
                    said.Add(text);
            }
        });
        await Eventually.BeTrueAsync(() => said.Count > 20);
        int before = said.Count;
        string file = _tools.Named("backup.db");
        LogBackupResult made = await new LogBackup(_parts.File).WriteAsync(file).WithinAsync(TimeSpan.FromSeconds(60));
        int after = said.Count;
        await stop.CancelAsync();
        await talking.WithinAsync();
        await _parts.StopAsync(chat);
        Assert.True(after > before, "Nobody talked meanwhile.");
        string[] live = [.. Tools.Said(file).Where(text => text.StartsWith("live", StringComparison.Ordinal))];
        Assert.InRange(live.Length, before, after + 1);
        Assert.Equal(said.Concat(["?"]).Take(live.Length), live.Select((text, i) => i < said.Count ? text : "?"));
        Assert.Equal(made.Bytes, new FileInfo(file).Length);
        Assert.Equal(19_999 + live.Length, Tools.Said(file).Count);
    }

    [Fact]
    public async Task A_backup_is_private_and_replaces_another_only_when_told_to()
    {
        LogFiles.Create(_parts.File, 10, 20);
        string file = _tools.Named("backup.db");
        _tools.Do("backup", file);
        Assert.Contains("10 entries up to 10", _tools.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileModes.PrivateFile, File.GetUnixFileMode(file));
        byte[] first = await File.ReadAllBytesAsync(file);
        _parts.Execute("DELETE FROM entry WHERE sequence = 10");

        Assert.Equal(2, _tools.Run("backup", file));
        Assert.Contains("--force", _tools.Error, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllBytesAsync(file));
        Assert.Equal(2, _tools.Run("backup", _parts.File, "--force"));
        _tools.Do("backup", file, "--force");
        Assert.Equal(8, Tools.Said(file).Count);
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));
    }

    // A damaged copy must not replace a sound one.
    [Theory]
    [InlineData("UPDATE entry SET body = replace(body, 'message 5', 'message 6') WHERE sequence = 5")]
    [InlineData("UPDATE entry SET at = at + 1 WHERE sequence = 5")]
    public async Task A_backup_that_is_not_sound_leaves_the_one_before(string damage)
    {
        LogFiles.Create(_parts.File, 10, 20);
        string file = _tools.Named("backup.db");
        _tools.Do("backup", file);
        byte[] first = await File.ReadAllBytesAsync(file);
        _parts.Execute(damage);
        Assert.Equal(1, _tools.Run("backup", file, "--force"));
        Assert.Contains("Entry 5: ", _tools.Error, StringComparison.Ordinal);
        Assert.Equal(first, await File.ReadAllBytesAsync(file));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));
    }

    // One bad checksum used to prevent every backup until the database was salvaged.
    [Fact]
    public async Task A_damaged_entry_does_not_keep_the_rest_from_the_backup()
    {
        LogFiles.Create(_parts.File, 10, 20);
        _parts.Execute("UPDATE entry SET at = at + 1 WHERE sequence = 5");
        string file = _tools.Named("backup.db");
        Assert.Equal(1, _tools.Run("backup", file));
        Assert.Contains($"{file}: 10 entries up to 10, ", _tools.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("All is well", _tools.Output, StringComparison.Ordinal);
        Assert.Contains("is damaged (findings: 1): Entry 5: It is not what was written", _tools.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));

        // The commands that the messages name lead to a sound database.
        Assert.Equal(1, _tools.Run("restore", file, "--path", _tools.Named("new.db")));
        Assert.Contains("log salvage", _tools.Error, StringComparison.Ordinal);
        _tools.Do("salvage", "--path", file, _tools.Named("salvaged.db"));
        _tools.Do("restore", _tools.Named("salvaged.db"), "--path", _tools.Named("new.db"));
        Assert.Equal(8, Tools.Said(_tools.Named("new.db")).Count);

        LogBackupResult again = await new LogBackup(_parts.File).WriteAsync(_tools.Named("again.db"));
        Assert.Equal((1, 10L), (again.Problems, again.Entries));
        Assert.StartsWith("Entry 5: ", again.FirstProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_backup_ends_at_once_and_leaves_nothing()
    {
        LogFiles.Create(_parts.File, 30_000, 1000);
        string file = _tools.Named("backup.db");
        using var giveUp = new CancellationTokenSource();
        var progress = new Watcher(() => giveUp.Cancel());
        long started = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new LogBackup(_parts.File).WriteAsync(file, progress: progress, cancellationToken: giveUp.Token));
        Assert.True(progress.Reports > 0);
        Assert.False(File.Exists(file));
        await Eventually.BeTrueAsync(() => Directory.GetFiles(_parts.Folder, "*.partial*").Length == 0);
        TestContext.Current.SendDiagnosticMessage(
            $"Given up and gone within {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F2} s.");
    }

    // SQLite calls the progress callback from native code, where an exception would end the process, even a server in which an
    // administrator makes a backup.
    [Fact]
    public async Task A_progress_callback_that_throws_fails_only_its_backup()
    {
        LogFiles.Create(_parts.File, 30_000, 1000);
        string file = _tools.Named("backup.db");
        var progress = new Watcher(() => throw new TimeZoneNotFoundException("Nobody listens."));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => new LogBackup(_parts.File).WriteAsync(file, progress: progress));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "backup.db*"));
    }

    [Fact]
    public void A_command_that_is_interrupted_says_so_and_leaves_nothing()
    {
        LogFiles.Create(_parts.File, 100, 100);
        Assert.Equal(1, _tools.Run(new CancellationToken(canceled: true), "backup", _tools.Named("backup.db")));
        Assert.Equal("Cancelled. Nothing was changed.\n", _tools.Error);
        Assert.False(File.Exists(_tools.Named("backup.db")));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial"));
    }

    // The size and the message rate at which the documented backup was seen not to end.
    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_backup_of_half_a_gigabyte_ends_while_users_chat()
    {
        LogFiles.Create(_parts.File, 38_000, 6000);
        TestChat chat = await _parts.StartChatAsync();
        TestSession bob = await chat.LoginAsync("bob");
        using var stop = new CancellationTokenSource();
        int said = 0;
        Task talking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await bob.SubmitAsync($"live {said++}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
        });
        long started = TimeProvider.System.GetTimestamp();
        LogBackupResult made = await new LogBackup(_parts.File).WriteAsync(_tools.Named("backup.db")).WithinAsync(TimeSpan.FromMinutes(4));
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        await stop.CancelAsync();
        await talking.WithinAsync();
        await _parts.StopAsync(chat);
        TestContext.Current.SendDiagnosticMessage(
            $"{made.Bytes / 1_000_000} MB backed up and checked in {took.TotalSeconds:F1} s, "
            + $"{said / took.TotalSeconds:F0} messages a second meanwhile.");
        Assert.True(made.Bytes > 440_000_000, $"{made.Bytes}");
        Assert.True(said / took.TotalSeconds > 5);
    }

    private sealed class Watcher(Action first) : IProgress<LogBackupProgress>
    {
        internal int Reports { get; private set; }

        public void Report(LogBackupProgress value)
        {
            Assert.InRange(value.Fraction, 0, 1);
            if (Reports++ == 0)
                first();
        }
    }
}
