namespace ErlChat.Log;

/// <summary>Figures of a durable log, for monitoring.</summary>
public interface ILogHealth
{
    /// <summary>What keeps the log: <c>sqlite</c> or <c>postgres</c>.</summary>
    string Kind { get; }

    /// <summary>The current figures; some may be ten seconds old. Thread-safe and quick.</summary>
    LogFigures Read();
}

/// <summary>The figures of a durable log.</summary>
/// <param name="DatabaseBytes">Size of the database, without what is still in the write-ahead log.</param>
/// <param name="WalBytes">Size of the write-ahead log; null if the log does not know it.</param>
/// <param name="FreeBytes">Free space of the file system; null if it is not known.</param>
/// <param name="QueuedMessages">Messages in memory that are not in the history's tables yet.</param>
/// <param name="QueuedBytes">Estimated bytes of those messages.</param>
/// <param name="MaxQueuedBytes">The limit for those bytes.</param>
/// <param name="SnapshotAge">How long ago the last entry of the newest snapshot was written; null if there is no snapshot.</param>
/// <param name="EntriesSinceSnapshot">Entries after the newest snapshot, which a start has to fold.</param>
public readonly record struct LogFigures(
    long DatabaseBytes,
    long? WalBytes,
    long? FreeBytes,
    long QueuedMessages,
    long QueuedBytes,
    long MaxQueuedBytes,
    TimeSpan? SnapshotAge,
    long EntriesSinceSnapshot);
