using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>
/// A folder with a database for one test. It opens, closes and reopens what a server would, and lets the test do what servers do not.
/// </summary>
internal sealed class SqliteParts : IAsyncDisposable
{
    private readonly List<ChatDatabase> _open = [];

    internal SqliteParts() => Options.Path = Path.Combine(Folder, "chat.db");

    internal string Folder { get; } = Directory.CreateTempSubdirectory("erlchat-test-").FullName;

    internal SqliteLogOptions Options { get; } = new() { RetryAfter = TimeSpan.FromMilliseconds(50) };

    internal string File => Options.Path;

    internal CollectingLogs Logs { get; } = new();

    /// <summary>Uses the real clock: most tests are not about the writer's retries or the history's delays.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    internal ChatDatabase Database => _open[^1];

    internal SqliteHistory History { get; private set; } = null!;

    internal SqliteSnapshots Snapshots { get; private set; } = null!;

    /// <summary>The database and a log over it, open.</summary>
    internal SqliteLog OpenLog()
    {
        SqliteLog log = Build();
        Database.Open();
        return log;
    }

    /// <summary>A whole chat over the database, started.</summary>
    internal Task<TestChat> StartChatAsync(TimeProvider? time = null, Action<ChatOptions>? change = null)
    {
        SqliteLog log = Build();
        return new TestChatBuilder()
            .WithoutLimits()
            .With(change ?? (_ => { }))
            .WithTime(time ?? new ManualTimeProvider())
            .WithLog(log)
            .WithHistory(History)
            .WithSnapshots(Snapshots)
            .StartAsync();
    }

    /// <summary>Stops a chat and closes its database; <paramref name="crash"/> leaves what a killed process leaves.</summary>
    internal async Task StopAsync(TestChat chat, bool crash = false)
    {
        string kept = File + ".kept";
        if (crash)
            CopyTo(kept);
        await chat.DisposeAsync();
        Close();
        if (!crash)
            return;
        foreach (string end in (string[])["", "-wal"])
        {
            System.IO.File.Delete(File + end);
            if (System.IO.File.Exists(kept + end))
                System.IO.File.Move(kept + end, File + end);
        }
    }

    internal void Close()
    {
        foreach (ChatDatabase database in _open)
            database.Dispose();
        _open.Clear();
    }

    /// <summary>A connection of another program.</summary>
    internal SqliteConnection Connect()
    {
        return FileConnection.Open(File, SqliteOpenMode.ReadWrite);
    }

    internal void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteConnection connection = Connect();
        connection.Execute(sql, parameters);
    }

    internal T? Scalar<T>(string sql)
    {
        using SqliteConnection connection = Connect();
        return connection.Scalar<T>(sql);
    }

    public ValueTask DisposeAsync()
    {
        Close();
        Directory.Delete(Folder, recursive: true);
        Logs.Verify();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes away what a database of version 3 did not have.</summary>
    internal void DropWhatIsNew()
    {
        foreach (string table in (string[])[.. CredentialTables.All, "message_change", "earlier_text", "reaction", "message_reacted"])
            Execute($"DROP TABLE IF EXISTS {table}");
        Execute("ALTER TABLE message DROP COLUMN reply_to");
    }

    /// <summary>Copied by another process: closing a file of the database in this one would drop SQLite's locks on it.</summary>
    private void CopyTo(string path)
    {
        foreach (string end in (string[])["", "-wal"])
        {
            using var copy = System.Diagnostics.Process.Start("cp", [File + end, path + end]);
            copy.WaitForExit();
        }
    }

    /// <summary>A database that another server would open.</summary>
    /// <param name="options">Those of this one when null.</param>
    internal ChatDatabase NewDatabase(SqliteLogOptions? options = null) =>
        NewDatabase(options ?? Options, new EntryFeed(), new StartPlace(options ?? Options, Logs.For<StartPlace>()));

    private ChatDatabase NewDatabase(SqliteLogOptions options, EntryFeed feed, StartPlace start) =>
        new(options, Folder, Time, feed, start, Logs.For<ChatDatabase>());

    private SqliteLog Build()
    {
        var feed = new EntryFeed();
        var start = new StartPlace(Options, Logs.For<StartPlace>());
        ChatDatabase database = NewDatabase(Options, feed, start);
        _open.Add(database);
        var log = new SqliteLog(database, feed, Logs.For<SqliteLog>());
        History = new SqliteHistory(database, Time, Logs.For<SqliteHistory>());
        Snapshots = new SqliteSnapshots(database, History, start, Logs.For<SqliteSnapshots>());
        return log;
    }
}
