using System.Runtime.Versioning;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;

namespace ErlChat.Tests;

/// <summary>The server reports a folder and files that other users may access, and creates its own files for itself only.</summary>
[UnsupportedOSPlatform("windows")]
public class FileModeTests
{
    private const string NoModes = "There are no modes.";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;
    private const UnixFileMode OpenFile = PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OpenFolder = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task A_folder_writable_by_all_is_reported_and_its_files_are_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        await using var parts = new SqliteParts();
        File.SetUnixFileMode(parts.Folder, OpenFolder);
        await UseAsync(parts);
        LogLine line = Assert.Single(parts.Logs.Of("FilesTooOpen"));
        Assert.Contains($"{parts.Folder} has mode 0777", line.Text, StringComparison.Ordinal);
        AssertPrivate(parts.File, parts.File + "-wal", parts.File + "-shm", parts.File + ".lock");
    }

    [Fact]
    public async Task In_a_sticky_folder_nobody_can_replace_the_database()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        await using var parts = new SqliteParts();
        File.SetUnixFileMode(parts.Folder, OpenFolder | UnixFileMode.StickyBit);
        await UseAsync(parts);
        Assert.Empty(parts.Logs.Of("FilesTooOpen"));
    }

    /// <summary>
    /// SQLite gives the files next to a database the mode of the database, and does so again to a WAL that it opens empty.
    /// </summary>
    [Fact]
    public async Task A_database_readable_by_all_is_reported_and_left_but_new_files_next_to_it_are_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        await using var parts = new SqliteParts();
        await UseAsync(parts);
        parts.Close();
        Assert.Empty(parts.Logs.Of("FilesTooOpen"));
        File.SetUnixFileMode(parts.File, OpenFile);
        SqliteLog log = parts.OpenLog();
        LogLine line = Assert.Single(parts.Logs.Of("FilesTooOpen"));
        Assert.Contains($"{parts.File} has mode 0644", line.Text, StringComparison.Ordinal);
        AssertPrivate(parts.File + "-wal", parts.File + "-shm");

        // A second reader opens the WAL while it is empty.
        await parts.Database.Readers.UseAsync(
            connection => connection.Scalar<long>("SELECT max(sequence) FROM entry"), CancellationToken.None);
        AssertPrivate(parts.File + "-wal", parts.File + "-shm");
        await log.AppendAsync(new Said(SessionKey.Of("t"), RoomName.Lobby, "hello", Action: false) { Id = new CommandId("run", 99) },
            CancellationToken.None).WithinAsync();
        AssertPrivate(parts.File + "-wal", parts.File + "-shm", parts.File + ".lock");
        Assert.Equal(OpenFile, File.GetUnixFileMode(parts.File));
    }

    [Fact]
    public async Task Folders_that_were_missing_are_private_all_of_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoModes);
        await using var parts = new SqliteParts();
        parts.Options.Path = Path.Combine(parts.Folder, "a", "b", "chat.db");
        await UseAsync(parts);
        Assert.Equal(PrivateFolder, File.GetUnixFileMode(Path.Combine(parts.Folder, "a")));
        Assert.Equal(PrivateFolder, File.GetUnixFileMode(Path.Combine(parts.Folder, "a", "b")));
        Assert.Empty(parts.Logs.Of("FilesTooOpen"));
    }

    private static async Task UseAsync(SqliteParts parts)
    {
        TestChat chat = await parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("hello");
        AssertPrivate(parts.File + "-wal");
        await chat.DisposeAsync();
    }

    private static void AssertPrivate(params string[] files)
    {
        foreach (string file in files)
            Assert.Equal((file, PrivateFile), (file, File.GetUnixFileMode(file)));
    }
}
