using ErlChat.Log;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErlChat.LogBench;

/// <summary>A log in isolation. It is in memory if there is no path.</summary>
internal sealed class BenchLog : IDisposable
{
    private readonly ChatDatabase? _database;

    internal BenchLog(string? path)
    {
        if (path is null)
        {
            Log = new MemoryLog();
            return;
        }

        var options = new SqliteLogOptions { Path = path };
        var feed = new EntryFeed();
        var start = new StartPlace(options, NullLogger<StartPlace>.Instance);
        _database = new ChatDatabase(options, Path.GetTempPath(), TimeProvider.System, feed, start, NullLogger<ChatDatabase>.Instance);
        Log = new SqliteLog(_database, feed, NullLogger<SqliteLog>.Instance);
        _database.Open();
    }

    internal IChatLog Log { get; }

    public void Dispose() => _database?.Dispose();
}
