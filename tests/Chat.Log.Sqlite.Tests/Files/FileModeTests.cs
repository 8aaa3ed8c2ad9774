using System.Runtime.Versioning;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;

namespace ErlChat.Tests;

/// <summary>Whatever stands where the log is to be: a folder and files that others may use are told of, and what the server makes it makes
/// for itself alone.</summary>
[UnsupportedOSPlatform("windows")]
public class FileModeTests
{
    private const string NoModes = "There are no modes.";
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;
    private const UnixFileMode OpenFile = PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OpenFolder = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task A_folder_that_all_may_write_is_told_of_and_its_files_are_private()
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

    /// <summary>SQLite gives the files beside a database the database's mode, and gives it again to a WAL that it opens empty.</summary>
    [Fact]
    public async Task A_database_that_all_may_read_is_told_of_and_left_but_what_is_made_beside_it_is_private()
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
