using ErlChat.Log;
using ErlChat.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErlChat.LogBench;

/// <summary>A log by itself; in memory when there is no path.</summary>
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

        _database = new ChatDatabase(new SqliteLogOptions { Path = path }, Path.GetTempPath(), TimeProvider.System, NullLogger<ChatDatabase>.Instance);
        Log = new SqliteLog(_database, NullLogger<SqliteLog>.Instance);
        _database.Open();
    }

    internal IChatLog Log { get; }

    public void Dispose() => _database?.Dispose();
}
