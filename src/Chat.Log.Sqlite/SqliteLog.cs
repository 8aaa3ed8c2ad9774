using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErlChat.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite;

/// <summary>The log in one SQLite database. An append is there for good when it completes: written and synced, together with whatever else was waiting.</summary>
/// <remarks>Thread-safe. Open the database first.</remarks>
internal sealed partial class SqliteLog : IChatLog
{
    /// <summary>Entries read at a time in a replay: the connection is not held for longer.</summary>
    private const int Page = 2000;

    /// <summary>Entries that cannot be read and are told one by one.</summary>
    private const int MaxUnreadableTold = 10;

    private readonly Lock _gate = new();
    private readonly ChatDatabase _database;
    private readonly ILogger<SqliteLog> _logger;
    private Channel<LogEntry[]>? _reader;
    private long _newest;
    private int _unreadable;

    internal SqliteLog(ChatDatabase database, ILogger<SqliteLog> logger)
    {
        (_database, _logger) = (database, logger);
        database.Published = Publish;
    }

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
        var channel = Channel.CreateUnbounded<LogEntry[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        long there = Register(channel);
        try
        {
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

            while (await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                while (channel.Reader.TryRead(out LogEntry[]? group))
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
            lock (_gate)
                _reader = null;
        }
    }

    /// <summary>From here on the channel gets what is committed; what was committed before is in the file up to the sequence returned.</summary>
    private long Register(Channel<LogEntry[]> channel)
    {
        lock (_gate)
        {
            if (_reader is not null)
                throw new InvalidOperationException("A log has one reader at a time.");
            _reader = channel;
            return Math.Max(_newest, _database.Newest);
        }
    }

    private void Publish(LogEntry[] group)
    {
        lock (_gate)
        {
            _newest = group[^1].Sequence;
            _reader?.Writer.TryWrite(group);
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
            // Each is worth a line; a whole log of them, as a newer version would leave, is not.
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
        [LoggerMessage(210, LogLevel.Error, "Entry {Sequence} cannot be read and does nothing: {Problem}", EventName = "UnreadableEntry")]
        public static partial void Unreadable(ILogger logger, long sequence, string problem);

        [LoggerMessage(211, LogLevel.Error, "More entries cannot be read; they are not listed here. log verify lists them.",
            EventName = "MoreUnreadableEntries")]
        public static partial void MoreUnreadable(ILogger logger);
    }
}
