using ErlChat.Sqlite.Backups;

namespace ErlChat.Tests;

/// <summary>The folder of the backups that a running server makes.</summary>
public sealed class BackupFolderTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly ManualTimeProvider _clock = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // A disk that a backup fills takes no messages any more, and the chat stands still for the sake of its backup.
    [Fact]
    public async Task Without_room_for_the_copy_and_for_the_chat_nothing_is_begun()
    {
        await FillAsync(10);
        long size = new FileInfo(_parts.File).Length;
        BackupFolder small = FolderWith(keep: 3, free: size + BackupFolder.Spare - 1);
        IOException refused = await Assert.ThrowsAsync<IOException>(
            () => small.WriteAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("has no room for a backup", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(small.Folder));
        BackupFolder large = FolderWith(keep: 3, free: size + BackupFolder.Spare);
        Assert.InRange((await large.WriteAsync(cancellationToken: TestContext.Current.CancellationToken)).Entries, 11, 12);
    }

    [Theory]
    [InlineData(LogBackupStep.Copying)]
    [InlineData(LogBackupStep.Checking)]
    public async Task One_that_is_given_up_in_either_step_has_left_nothing_when_the_call_ends(LogBackupStep step)
    {
        await FillAsync(4000);
        BackupFolder folder = FolderWith(keep: 3);
        using var giveUp = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => folder.WriteAsync(new At(step, giveUp.Cancel), giveUp.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Folder));
    }

    // The clock was set back: by their names those before are the newer ones.
    [Fact]
    public async Task The_one_that_was_just_written_stays_whatever_the_clock_says()
    {
        await FillAsync(1);
        BackupFolder folder = FolderWith(keep: 1);
        string later = (await folder.WriteAsync(cancellationToken: TestContext.Current.CancellationToken)).File;
        string next = (await folder.WriteAsync(cancellationToken: TestContext.Current.CancellationToken)).File;
        Assert.NotEqual(later, next);
        Assert.Equal(1, folder.RemoveOld(later));
        Assert.Equal(Path.GetFileName(later), Assert.Single(folder.List(10)).Name);
        Assert.Equal(0, FolderWith(keep: 0).RemoveOld(later));
    }

    private BackupFolder FolderWith(int keep, long free = long.MaxValue) => new(_parts.File, "kept", keep, _clock, _ => free);

    private async Task FillAsync(int messages)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < messages; i += 100)
            await Task.WhenAll(Enumerable.Range(i, Math.Min(100, messages - i)).Select(k => alice.SubmitAsync($"message {k}")));
        await _parts.StopAsync(chat);
    }

    private sealed class At(LogBackupStep step, Action act) : IProgress<LogBackupProgress>
    {
        public void Report(LogBackupProgress value)
        {
            if (value.Step == step)
                act();
        }
    }
}
