using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Log;

/// <summary>The database: owns its file, lock, writer and readers. Nothing is opened before <see cref="Open"/>.</summary>
/// <remarks>Thread-safe once it is open.</remarks>
internal sealed partial class ChatDatabase : ISqliteLogFile, IDisposable
{
    private static readonly TimeSpan s_stopLimit = new ChatOptions().StopTimeout;

    private readonly ILogger<ChatDatabase> _logger;
    private readonly TimeProvider _time;
    private readonly EntryFeed _feed;
    private readonly IStartCheck _start;
    private readonly Func<TimeSpan> _stopLimit;
    private DatabaseLock? _lock;
    private LogWriter? _writer;
    private string? _epoch;
    private bool _disposed;

    /// <param name="folder">The folder that relative paths in the options start from.</param>
    /// <param name="feed">Receives the entries that the writer has committed.</param>
    /// <param name="start">Checks that the chat can start from the database.</param>
    /// <param name="stopLimit">How long <see cref="Dispose"/> may take, whatever the readers and the writer are doing.</param>
    internal ChatDatabase(
        SqliteLogOptions options,
        string folder,
        TimeProvider time,
        EntryFeed feed,
        IStartCheck start,
        ILogger<ChatDatabase> logger,
        Func<TimeSpan>? stopLimit = null)
    {
        (Options, _time, _feed, _start, _logger) = (options, time, feed, start, logger);
        _stopLimit = stopLimit ?? (static () => s_stopLimit);
        Path = RealPath.Of(System.IO.Path.GetFullPath(options.Path, folder));
        Readers = new ReaderPool(OpenForReading, time, options.ReadTimeout);
    }

    internal SqliteLogOptions Options { get; }

    internal string Path { get; }

    public LogFileFacts? Facts { get; private set; }

    internal ReaderPool Readers { get; }

    internal LogWriter Writer => _writer ?? throw new InvalidOperationException("The database is not open.");

    internal bool IsOpen => _writer is not null;

    internal string Epoch => _epoch ?? throw new InvalidOperationException("The database is not open.");

    /// <summary>The sequence of the newest entry in the file.</summary>
    internal long Newest { get; private set; }

    public void Open()
    {
        if (_writer is not null)
            return;
        DatabaseFiles.RefuseWalAlone(Path);
        DatabaseFiles.RefuseHalfDone(Path);
        if (Options.MustExist && !DatabaseFiles.Exists(Path))
            throw new LogStartException($"{Path} is missing or empty, and Log:MustExist forbids creating a new database. Check whether "
                + "its volume is mounted.");
        DatabaseFiles.Create(Path);
        foreach (string finding in FileModes.TooOpen(Path))
            Log.TooOpen(_logger, finding);
        _lock = DatabaseLock.Take(Path);
        try
        {
            DatabaseCheck.RefuseBackup(Path);
            bool isNew = !DatabaseCheck.IsUsable(Path, Options.RestoreMail, finding => Log.PartlyDamaged(_logger, finding));
            if (isNew)
                Create();
            else
                CheckStart();
            long last = 0;
            using (SqliteConnection connection = OpenForWriting())
            {
                Upgrade(connection);
                _epoch = connection.Scalar<string>("SELECT value FROM meta WHERE key = 'epoch'")
                    ?? throw new LogStartException($"{Path} is damaged: it has no epoch. See docs/durability.md.");
                Newest = connection.Scalar<long>("SELECT max(sequence) FROM entry");
                last = connection.Scalar<long>("SELECT max(seq) FROM sqlite_sequence WHERE name = 'entry'");
                Facts = new LogFileFacts(Path, isNew, new FileInfo(Path).Length, LogTimeline.EntriesAtMost(connection), Newest, _epoch);
            }

            last = Math.Max(Newest, last);
            _writer = new LogWriter(OpenForWriting, Readers.CloseAll, _feed.Publish, last, Options.RetryAfter, _time, _logger);
        }
        catch (Exception e)
        {
            _lock.Dispose();
            _lock = null;
            if (e is SqliteException damage)
                throw DatabaseCheck.Explain(Path, damage);
            throw;
        }
    }

    /// <summary>May be called twice: a service container that registers this object under two types disposes it twice.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        // The writer goes last: only its connection can move the WAL into the database and delete it.
        TimeSpan limit = _stopLimit();
        bool isOver = Readers.Close(limit * 0.3);
        isOver &= _writer?.Close(limit * 0.7) ?? true;

        // If something still uses the database, the lock stays until the process ends.
        if (isOver)
            _lock?.Dispose();
        else
            Log.NotClosed(_logger, Path);
    }

    /// <summary>
    /// Runs the checks that the start depends on, so that a start that cannot succeed fails now, with a one-line message.
    /// </summary>
    private void CheckStart()
    {
        using SqliteConnection connection = FileConnection.Open(Path, SqliteOpenMode.ReadOnly);
        _start.Check(connection, Path);
    }

    private void Create()
    {
        using SqliteConnection connection = OpenForWriting();
        Schema.Create(connection, Guid.NewGuid().ToString("N"));
    }

    private void Upgrade(SqliteConnection connection)
    {
        if (SchemaUpgrade.Run(connection, Path, Options.CopyBeforeUpgrade, _time) is not { } made)
            return;
        if (made.Copy is { } copy)
            Log.Upgraded(_logger, Path, made.From, Schema.Version, copy);
        else
            Log.UpgradedWithoutCopy(_logger, Path, made.From, Schema.Version);
    }

    private SqliteConnection OpenForWriting()
    {
        SqliteConnection connection = FileConnection.Open(Path, SqliteOpenMode.ReadWrite);
        try
        {
            // Cuts the WAL file back to the size that a busy second needs. Otherwise it would keep the size of the worst minute for ever.
            connection.Execute($"PRAGMA busy_timeout = {FileConnection.BusyTimeout}");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA journal_size_limit = 67108864");
            connection.Execute("PRAGMA temp_store = MEMORY");
            FileModes.KeepCompanionsPrivate(Path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// SQLite gives an empty WAL the file mode of the database again when a reader opens it, as it did when the file was new.
    /// </summary>
    private SqliteConnection OpenForReading()
    {
        SqliteConnection connection = FileConnection.Open(Path, SqliteOpenMode.ReadOnly);
        try
        {
            connection.Scalar<long>("PRAGMA schema_version");
            FileModes.KeepCompanionsPrivate(Path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(204, LogLevel.Warning, "{Finding}", EventName = "FilesTooOpen")]
        public static partial void TooOpen(ILogger logger, string finding);

        [LoggerMessage(
            208,
            LogLevel.Warning,
            "{Path} could not be closed in time, because the disk does not respond. Nothing is lost: the next start reads the "
                + "write-ahead log.",
            EventName = "DatabaseNotClosed")]
        public static partial void NotClosed(ILogger logger, string path);

        [LoggerMessage(205, LogLevel.Information,
            "{Path} was upgraded from schema version {From} to {To}. "
            + "The database from before is in {Copy}; delete it once you are sure that "
                + "you will not go back.",
            EventName = "DatabaseUpgraded")]
        public static partial void Upgraded(ILogger logger, string path, long from, int to, string copy);

        [LoggerMessage(207, LogLevel.Information,
            "{Path} was upgraded from schema version {From} to {To}, without a copy, because of Log:CopyBeforeUpgrade=false.",
            EventName = "DatabaseUpgradedWithoutCopy")]
        public static partial void UpgradedWithoutCopy(ILogger logger, string path, long from, int to);

        [LoggerMessage(
            206,
            LogLevel.Warning,
            "Snapshots or the search index are damaged, but the rest of the database is not: {Finding} `log salvage` creates a sound "
                + "database.",
            EventName = "PartlyDamaged")]
        public static partial void PartlyDamaged(ILogger logger, string finding);
    }
}
