namespace ErlChat.Log;

/// <summary>Figures of a durable log, for whoever watches the server.</summary>
public interface ILogHealth
{
    /// <summary>The figures of this moment; some are as old as the last look, a second or so. Thread-safe, and quick.</summary>
    LogFigures Read();
}

/// <summary>How a durable log is.</summary>
/// <param name="DatabaseBytes">The database file, without what waits to be brought into it.</param>
/// <param name="WalBytes">The file that new entries are written to first.</param>
/// <param name="FreeBytes">What the file system can still take; null when it does not say.</param>
/// <param name="QueuedMessages">Messages in memory that the history's tables do not have yet.</param>
/// <param name="QueuedBytes">The same in bytes, estimated.</param>
/// <param name="MaxQueuedBytes">The bound of that.</param>
/// <param name="SnapshotAge">How long ago the newest snapshot's last entry was written; null when there is no snapshot.</param>
/// <param name="EntriesSinceSnapshot">Entries behind the newest snapshot, which a start has to fold.</param>
public readonly record struct LogFigures(
    long DatabaseBytes,
    long WalBytes,
    long? FreeBytes,
    long QueuedMessages,
    long QueuedBytes,
    long MaxQueuedBytes,
    TimeSpan? SnapshotAge,
    long EntriesSinceSnapshot);
