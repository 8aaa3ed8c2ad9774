using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Log;

namespace ErlChat.Tests;

/// <summary>Only one server can use a database, under any of its names.</summary>
public sealed class LockTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // The lock used to be a file next to the link instead of the real file, so two servers wrote to one database.
    [Theory]
    [InlineData("a link to it")]
    [InlineData("a link to a link")]
    [InlineData("a link to its folder")]
    [InlineData("a hard link")]
    public void Another_name_is_the_same_database(string how)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Hard links are told apart on Linux.");
        _parts.OpenLog();
        string other = Path.Combine(_parts.Folder, "elsewhere", "other.db");
        Directory.CreateDirectory(Path.GetDirectoryName(other)!);
        switch (how)
        {
            case "a link to it":
                File.CreateSymbolicLink(other, "../chat.db");
                break;
            case "a link to a link":
                File.CreateSymbolicLink(other + ".1", _parts.File);
                File.CreateSymbolicLink(other, other + ".1");
                break;
            case "a link to its folder":
                Directory.CreateSymbolicLink(Path.Combine(_parts.Folder, "elsewhere", "linked"), _parts.Folder);
                other = Path.Combine(_parts.Folder, "elsewhere", "linked", "chat.db");
                break;
            case "a hard link":
                using (var link = System.Diagnostics.Process.Start("ln", [_parts.File, other]))
                    link.WaitForExit();
                break;
        }

        Assert.True(File.Exists(other));
        using ChatDatabase second = Database(other);
        LogStartException refused = Assert.Throws<LogStartException>(second.Open);
        Assert.Contains("is in use by another server", refused.Message, StringComparison.Ordinal);

        // Once the first server has ended, another can open the database under any name. SQLite's files lie next to the real one.
        _parts.Close();
        using ChatDatabase third = Database(other);
        third.Open();
        if (how != "a hard link")
            Assert.True(File.Exists(_parts.File + "-wal"));
    }

    // The target of the link need not exist yet.
    [Fact]
    public void A_database_is_made_where_a_link_leads()
    {
        string real = Path.Combine(_parts.Folder, "volume", "chat.db");
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        string link = Path.Combine(_parts.Folder, "link.db");
        File.CreateSymbolicLink(link, real);
        using ChatDatabase database = Database(link);
        database.Open();
        Assert.True(new FileInfo(real).Length > 0);
    }

    [Fact]
    public void Links_in_a_circle_are_named()
    {
        string one = Path.Combine(_parts.Folder, "one.db"), two = Path.Combine(_parts.Folder, "two.db");
        File.CreateSymbolicLink(one, two);
        File.CreateSymbolicLink(two, one);
        Assert.Contains("in a circle", Assert.Throws<IOException>(() => Database(one)).Message, StringComparison.Ordinal);
    }

    private ChatDatabase Database(string path) => _parts.NewDatabase(new SqliteLogOptions { Path = path });

    // A server that was stopped and started again in one process found its database in use: a process that was just being started still had
    // a copy of the handle.
    [Fact]
    public async Task A_lock_that_was_given_back_is_free_while_other_processes_are_being_started()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("erlchat").FullName, "chat.db");
        await File.WriteAllTextAsync(path, "");
        bool isOver = false;
        Task starting = Task.Run(() =>
        {
            for (int i = 0; i < 150; i++)
            {
                using var program = System.Diagnostics.Process.Start("true");
                program.WaitForExit();
            }

            Volatile.Write(ref isOver, true);
        });
        while (!Volatile.Read(ref isOver))
        {
            using InodeLock? taken = InodeLock.TryTake(path, out bool isTaken);
            Assert.False(isTaken);
        }

        await starting;
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
