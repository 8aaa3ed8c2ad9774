using ErlChat.Health;
using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Upkeep;

/// <summary>
/// Watches the database, whether it is idle or busy: it must be writable and readable, its file must exist, and its WAL must not grow
/// without limit. A problem is one line in the log when it begins and one when it ends, and a health condition while it lasts.
/// </summary>
/// <remarks>Thread-safe. The first check runs before the server listens.</remarks>
internal sealed partial class LogWatch : BackgroundService, ILogHealth
{
    /// <summary>
    /// On a disk with less free space than this, the check writes as much as a group of messages takes, not only a few bytes.
    /// </summary>
    private const long LittleRoom = 64 * 1024 * 1024;

    private const int SmallWrite = 16;

    private const int LargeWrite = 64 * 1024;

    /// <summary>How long to wait for the server's own reads and the writer before emptying the WAL.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_longestTick = TimeSpan.FromSeconds(1);

    private readonly ChatDatabase _database;
    private readonly SqliteHistory _history;
    private readonly TimeProvider _time;
    private readonly ILogger<LogWatch> _logger;
    private readonly Outage _unreadable;
    private readonly Outage _wal;
    private readonly Outage _missing;
    private readonly Outage _failing;
    private long _probedAt;

    /// <summary>-1 if the file system does not say.</summary>
    private long _freeBytes = -1;
    private long _walBytes;
    private bool _wasMissing;
    private SnapshotPlace? _snapshot;

    internal LogWatch(ChatDatabase database, SqliteHistory history, Conditions conditions, TimeProvider time, ILogger<LogWatch> logger)
    {
        (_database, _history, _time, _logger) = (database, history, time, logger);
        _unreadable = new Outage(time, logger, Log.Readable);
        _wal = new Outage(time, logger, Log.WalSmall);
        _missing = new Outage(time, logger, Log.FileBack);
        _failing = new Outage(time, logger, Log.WatchWorks);
        database.Readers.Ended = ReadEnded;
        history.AddTo(conditions);
        conditions.Watch(
            "log-unavailable",
            "the log cannot be written, so messages are refused",
            () => database.IsOpen && !database.Writer.IsAvailable,
            refuses: true);
        conditions.Watch("log-unreadable", "the log cannot be read: history and search are refused", () => _unreadable.IsOn);
        conditions.Watch("wal", "the write-ahead log grows because it cannot be moved into the database", () => _wal.IsOn);
        conditions.Watch("database-missing", "the database file is gone: new messages will be lost at the next "
            + "restart", () => _missing.IsOn);
    }

    public string Kind => "sqlite";

    public LogFigures Read()
    {
        SnapshotPlace? snapshot = Volatile.Read(ref _snapshot);
        long newest = _database.IsOpen ? _database.Writer.Newest : 0;
        return new LogFigures(
            LengthOf(_database.Path),
            LengthOf(_database.Path + "-wal"),
            Volatile.Read(ref _freeBytes) is >= 0 and long free ? free : null,
            _history.Pending,
            _history.PendingBytes,
            _database.Options.MaxPendingBytes,
            snapshot?.At is { } at ? _time.GetUtcNow() - at : null,
            newest - (snapshot?.Before ?? 0));
    }

    /// <summary>Checks before the server listens, so that the server is not ready if its disk cannot be written.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_database.IsOpen)
            await LookAsync(probe: true, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (Outage one in (Outage[])[_unreadable, _wal, _missing, _failing])
            one.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan every = _database.Options.ProbeEvery;
        using var timer = new PeriodicTimer(every < s_longestTick ? every : s_longestTick, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (_database.IsOpen)
                    await LookAsync(_time.GetElapsedTime(_probedAt) >= every, stoppingToken);
                _failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException
                && !(e is OperationCanceledException && stoppingToken.IsCancellationRequested))
            {
                // Any exception: if this loop ended, the server would stop.
                if (_failing.Failed())
                    Log.WatchFailed(_logger, e);
            }
        }
    }

    /// <summary>Runs one check.</summary>
    /// <param name="probe">Whether to write to the disk too, and not only look at file sizes.</param>
    internal async Task LookAsync(bool probe, CancellationToken cancellationToken)
    {
        LookAtFile();
        Volatile.Write(ref _walBytes, LengthOf(_database.Path + "-wal"));
        if (probe)
            await ProbeAsync(cancellationToken);
        if (_walBytes > _database.Options.MaxWalBytes)
            await EmptyWalAsync(cancellationToken);
        else
            _wal.Succeeded();
    }

    /// <summary>
    /// Checks that the file exists. A deleted file can still be written, but its contents are lost. If it is missing only once, it may just
    /// be about to be reopened.
    /// </summary>
    private void LookAtFile()
    {
        string? gone = ((string[])[_database.Path, _database.Path + "-wal"]).FirstOrDefault(file => !File.Exists(file));
        if (gone is null)
            _missing.Succeeded();
        else if (_wasMissing && _missing.Failed())
            Log.FileGone(_logger, gone);
        _wasMissing = gone is not null;
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        _probedAt = _time.GetTimestamp();
        long? free = RoomAt(_database.Path);
        Volatile.Write(ref _freeBytes, free ?? -1);
        await DoneAsync(new WriterCheck(write: true, free < LittleRoom ? LargeWrite : SmallWrite, checkpoint: false), cancellationToken);
        try
        {
            SnapshotPlace? known = _snapshot;
            SnapshotPlace found = await _database.Readers.UseAsync(connection => SnapshotPlace.Find(connection, known), cancellationToken);
            Volatile.Write(ref _snapshot, found);
        }
        catch (LogUnavailableException)
        {
            // The read itself reports the failure.
        }
    }

    /// <summary>
    /// Handles a WAL that is too large. It can be emptied only when no one reads from it. If the server's own consecutive reads are the
    /// cause, they are held back. Other programs are named in the log.
    /// </summary>
    private async Task EmptyWalAsync(CancellationToken cancellationToken)
    {
        try
        {
            WalState state = await DoneAsync(new WriterCheck(write: false, 0, checkpoint: true), cancellationToken);
            if (state == WalState.Held)
            {
                using IDisposable? alone = await _database.Readers.TryHoldAllAsync(s_patience, cancellationToken);
                state = await DoneAsync(new WriterCheck(write: false, 0, checkpoint: true), cancellationToken);
            }

            if (state == WalState.Held)
                WalGrows(Readers);
            else if (state == WalState.Emptied)
                _wal.Succeeded();
        }
        catch (SqliteException e)
        {
            WalGrows(() => e.Message);
        }
    }

    /// <param name="why">Called only when the line is written, since searching all processes is slow.</param>
    private void WalGrows(Func<string> why)
    {
        if (_wal.Failed())
            Log.WalLarge(_logger, _walBytes, why());
    }

    private string Readers() => DatabaseUsers.Of(_database.Path) is { Count: > 0 } users
        ? string.Join(", ", users) + " reads from it"
        : "a long read of it has not ended";

    /// <summary>Runs a check with a time limit, since the writer may itself be waiting for readers.</summary>
    private async Task<WalState> DoneAsync(WriterCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.Writer.CheckAsync(check).WaitAsync(s_patience, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or LogUnavailableException)
        {
            return WalState.Unknown;
        }
    }

    private void ReadEnded(SqliteException? failure)
    {
        if (failure is null)
            _unreadable.Succeeded();
        else if (_unreadable.Failed())
            Log.Unreadable(_logger, failure.Message);
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static long? RoomAt(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The newest snapshot.</summary>
    /// <param name="Sequence">Its sequence; 0 if there is no snapshot.</param>
    /// <param name="At">The time of the entry with that sequence; null if there is no snapshot.</param>
    /// <param name="Before">The newest sequence less this number is the number of entries after the snapshot.</param>
    private sealed record SnapshotPlace(long Sequence, DateTimeOffset? At, long Before)
    {
        internal static SnapshotPlace Find(SqliteConnection connection, SnapshotPlace? known)
        {
            long sequence = connection.Scalar<long>("SELECT max(sequence) FROM snapshot");
            if (known?.Sequence == sequence && (sequence == 0 || known.At is not null))
                return known;

            // A restore leaves a gap in the sequences that is larger than any log.
            long gapEnd = LogTimeline.First(connection) - 1;
            long before = sequence < gapEnd
                ? gapEnd - connection.Scalar<long>(
                    "SELECT count(*) FROM entry WHERE sequence > $sequence AND sequence <= $gapEnd",
                    ("$sequence", sequence),
                    ("$gapEnd", gapEnd))
                : sequence;

            // The entry itself may have been removed.
            long at = sequence == 0
                ? 0
                : connection.Scalar<long>(
                    "SELECT at FROM entry WHERE sequence >= $sequence ORDER BY sequence LIMIT 1", ("$sequence", sequence));
            return new SnapshotPlace(sequence, at == 0 ? null : UnixTime.At(at), before);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            250,
            LogLevel.Error,
            "The log cannot be read: {Problem} Until it can, history and search are refused and counted.",
            EventName = "LogUnreadable")]
        public static partial void Unreadable(ILogger logger, string problem);

        [LoggerMessage(
            251,
            LogLevel.Warning,
            "The log can be read again: {Count} reads failed within {Seconds:F1} s.",
            EventName = "LogReadable")]
        public static partial void Readable(ILogger logger, long count, double seconds);

        [LoggerMessage(
            252,
            LogLevel.Error,
            "The write-ahead log has {Bytes} bytes and is growing, because it cannot be moved into the database: {Why}. The server "
                + "retries every second.",
            EventName = "WalLarge")]
        public static partial void WalLarge(ILogger logger, long bytes, string why);

        [LoggerMessage(
            253,
            LogLevel.Warning,
            "The write-ahead log can be moved into the database again: this failed {Count} times within {Seconds:F1} s.",
            EventName = "WalSmall")]
        public static partial void WalSmall(ILogger logger, long count, double seconds);

        [LoggerMessage(
            254,
            LogLevel.Critical,
            "{Path} was deleted or renamed: new messages will be lost at the next restart. Put it back, or make a backup before you "
                + "stop the server.",
            EventName = "DatabaseGone")]
        public static partial void FileGone(ILogger logger, string path);

        [LoggerMessage(
            255,
            LogLevel.Warning,
            "The database file is back: it was missing at {Count} checks within {Seconds:F1} s.",
            EventName = "DatabaseBack")]
        public static partial void FileBack(ILogger logger, long count, double seconds);

        [LoggerMessage(
            256,
            LogLevel.Error,
            "Checking the database failed and will be retried soon. Further failures are counted.",
            EventName = "LogWatchFailed")]
        public static partial void WatchFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            257,
            LogLevel.Warning,
            "Checking the database works again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "LogWatchWorks")]
        public static partial void WatchWorks(ILogger logger, long count, double seconds);
    }
}
