using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErlChat.Log;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Log;

/// <summary>
/// The log, in one SQLite database. When an append completes, the entry is written and synced, together with all others that were waiting.
/// </summary>
/// <remarks>Thread-safe. Open the database first. A replay reads through the database's <see cref="ReaderPool"/>.</remarks>
internal sealed partial class SqliteLog : IChatLog
{
    /// <summary>The number of entries that a replay reads at a time; between two reads it gives the connection back.</summary>
    private const int Page = 2000;

    /// <summary>How many unreadable entries get their own line in the server's log.</summary>
    private const int MaxUnreadableTold = 10;

    private readonly ChatDatabase _database;
    private readonly EntryFeed _feed;
    private readonly ILogger<SqliteLog> _logger;
    private int _unreadable;

    /// <param name="feed">The feed that the database was given.</param>
    internal SqliteLog(ChatDatabase database, EntryFeed feed, ILogger<SqliteLog> logger) =>
        (_database, _feed, _logger) = (database, feed, logger);

    public string Epoch => _database.Epoch;

    public bool IsAvailable => _database.Writer.IsAvailable;

    public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        EntryRow row = EntryCodec.Encode(entry);
        var append = new WaitingAppend(EntryCodec.MayDiffer(row) ? EntryCodec.Decode(row) : entry, row);
        _database.Writer.Append(append);
        return new ValueTask(append.Task);
    }

    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ChannelReader<LogEntry[]> committed = _feed.Follow(out long newest);
        try
        {
            long there = Math.Max(newest, _database.Newest);
            while (after < there)
            {
                LogEntry[] page = await ReadPageAsync(after, there, cancellationToken);
                if (page.Length == 0)
                    break;
                foreach (LogEntry entry in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    after = entry.Sequence;
                    yield return entry;
                }
            }

            while (await committed.WaitToReadAsync(cancellationToken))
            {
                while (committed.TryRead(out LogEntry[]? group))
                {
                    foreach (LogEntry entry in group)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (entry.Sequence > after)
                            yield return entry;
                    }
                }
            }
        }
        finally
        {
            _feed.Leave();
        }
    }

    private ValueTask<LogEntry[]> ReadPageAsync(long after, long to, CancellationToken cancellationToken) => _database.Readers.UseAsync(
        connection =>
        {
            var page = new List<LogEntry>(Page);
            using SqliteCommand command = connection.Command(
                $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $after AND sequence <= $to ORDER BY sequence LIMIT $page",
                ("$after", after),
                ("$to", to),
                ("$page", Page));
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
                page.Add(new LogEntry(rows.GetInt64(0), Decode(rows)));
            return page.ToArray();
        },
        cancellationToken);

    private Entry Decode(SqliteDataReader row)
    {
        try
        {
            return EntryRows.Decode(row);
        }
        catch (Exception e) when (EntryRows.IsUnreadable(e))
        {
            // Each unreadable entry gets a line, up to a limit: a newer version may have left a log full of them.
            int number = Interlocked.Increment(ref _unreadable);
            if (number <= MaxUnreadableTold)
                Log.Unreadable(_logger, row.GetInt64(0), e.Message);
            else if (number == MaxUnreadableTold + 1)
                Log.MoreUnreadable(_logger);
            return new Unreadable();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(210, LogLevel.Error, "Entry {Sequence} cannot be read and has no effect: {Problem}", EventName = "UnreadableEntry")]
        public static partial void Unreadable(ILogger logger, long sequence, string problem);

        [LoggerMessage(211, LogLevel.Error, "More entries cannot be read. `log verify` lists all of them.",
            EventName = "MoreUnreadableEntries")]
        public static partial void MoreUnreadable(ILogger logger);
    }
}
