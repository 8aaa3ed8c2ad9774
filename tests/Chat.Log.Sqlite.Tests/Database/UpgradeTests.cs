using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>What happens to a database of an older version.</summary>
public sealed class UpgradeTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public UpgradeTests() => LogFiles.Create(_parts.File, 10, 20);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public void The_copy_is_the_database_as_it_was()
    {
        SetVersion(2);
        _parts.OpenLog();
        _parts.Close();
        string copy = Assert.Single(Copies());
        Assert.Matches(@"chat\.db\.schema2-\d{8}-\d{6}$", copy);
        Assert.Empty(FileModes.TooOpen(copy));
        using SqliteConnection connection = FileConnection.Open(copy, SqliteOpenMode.ReadWrite);
        Assert.Equal(2L, connection.Scalar<long>("PRAGMA user_version"));
        Assert.Equal(10L, connection.Scalar<long>("SELECT count(*) FROM entry"));
        const string epoch = "SELECT value FROM meta WHERE key = 'epoch'";
        Assert.Equal(_parts.Scalar<string>(epoch), connection.Scalar<string>(epoch));
        Assert.Empty(Directory.GetFiles(_parts.Folder, "*.partial*"));
    }

    // The copy must include what is still only in the WAL.
    [Fact]
    public void The_copy_has_what_is_in_the_WAL()
    {
        SetVersion(2);
        using SqliteConnection other = _parts.Connect();
        other.Execute("PRAGMA journal_mode = WAL");
        other.Execute("PRAGMA wal_autocheckpoint = 0");
        other.Execute("INSERT INTO meta (key, value) VALUES ('last', 'word')");
        string copy = UpgradeCopy.Write(other, _parts.File, 2, TimeProvider.System);
        using SqliteConnection connection = FileConnection.Open(copy, SqliteOpenMode.ReadWrite);
        Assert.Equal("word", connection.Scalar<string>("SELECT value FROM meta WHERE key = 'last'"));
    }

    [Fact]
    public void Two_copies_are_kept()
    {
        var time = new ManualTimeProvider();
        _parts.Time = time;
        for (int i = 0; i < 4; i++)
        {
            SetVersion(2);
            _parts.OpenLog();
            _parts.Close();
            time.Advance(TimeSpan.FromDays(1));
            foreach (string copy in Copies())
                File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(copy).AddDays(-1));
        }

        Assert.Equal([$"{_parts.File}.schema2-20261122-070000", $"{_parts.File}.schema2-20261123-070000"], Copies().Order());
    }

    [Fact]
    public void Without_room_for_the_copy_nothing_is_changed()
    {
        SetVersion(2);
        using SqliteConnection connection = _parts.Connect();
        LogStartException refused = Assert.Throws<LogStartException>(
            () => UpgradeCopy.Write(connection, _parts.File, 2, TimeProvider.System, _ => 1 << 20));
        Assert.Contains("64 MiB in", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Log:CopyBeforeUpgrade=false", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Empty(Copies());
        Assert.Equal(2L, connection.Scalar<long>("PRAGMA user_version"));
    }

    [Fact]
    public void Without_a_copy_when_the_option_says_so()
    {
        SetVersion(2);
        _parts.Options.CopyBeforeUpgrade = false;
        _parts.OpenLog();
        _parts.Close();
        Assert.Empty(Copies());
        Assert.Single(_parts.Logs.Of("DatabaseUpgradedWithoutCopy"));
        Assert.Equal((long)Schema.Version, _parts.Scalar<long>("PRAGMA user_version"));
    }

    // The step to version 2 fails because its column exists already. No part of any step may remain.
    [Fact]
    public void A_step_that_fails_leaves_the_old_version()
    {
        SetVersion(1);
        using SqliteConnection connection = _parts.Connect();
        Assert.Throws<SqliteException>(() => SchemaUpgrade.Run(connection));
        Assert.Equal(1L, connection.Scalar<long>("PRAGMA user_version"));
        Assert.Equal(0L, connection.Scalar<long>("SELECT count(*) FROM meta WHERE key = 'indexed_through'"));
    }

    [Fact]
    public void A_folder_is_synced_to_the_disk()
    {
        FolderSync.Flush(_parts.Folder);
        Assert.Throws<IOException>(() => FolderSync.Flush(Path.Combine(_parts.Folder, "none")));
    }

    private string[] Copies() => Directory.GetFiles(_parts.Folder, "chat.db.schema*");

    /// <summary>Makes an older database of one of today.</summary>
    private void SetVersion(int version)
    {
        _parts.DropWhatIsNew();
        _parts.Execute($"PRAGMA user_version = {version}");
    }
}
