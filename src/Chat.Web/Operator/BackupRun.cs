using ErlChat.Sqlite.Backups;

namespace ErlChat.Web.Operator;

/// <summary>A running or finished backup. Thread-safe: one thread updates it, any may read it.</summary>
internal sealed class BackupRun(DateTimeOffset since) : IProgress<LogBackupProgress>, IDisposable
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private LogBackupProgress _progress;
    private BackupEnd? _end;

    internal DateTimeOffset Since => since;

    internal CancellationToken GivenUp => _giveUp.Token;

    /// <summary>Completes when the backup has ended and nothing more happens to its files.</summary>
    internal Task Ended => _ended.Task;

    internal LogBackupProgress Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
    }

    /// <summary>The outcome; null while the backup is running.</summary>
    internal BackupEnd? End => Volatile.Read(ref _end);

    void IProgress<LogBackupProgress>.Report(LogBackupProgress value)
    {
        lock (_gate)
            _progress = value;
    }

    internal void GiveUp()
    {
        if (End is null)
            _giveUp.Cancel();
    }

    internal void Finish(BackupEnd end)
    {
        Volatile.Write(ref _end, end);
        _ended.SetResult();
    }

    public void Dispose() => _giveUp.Dispose();
}

/// <summary>How a backup ended: with a result, with a problem in one line, or with neither if it was cancelled.</summary>
internal sealed record BackupEnd(LogBackupResult? Result, string? Problem);

/// <summary>The answer to a request to start a backup.</summary>
internal enum BackupStart
{
    Begun,

    /// <summary>Another backup is running.</summary>
    Busy,

    /// <summary>The log is in memory or in PostgreSQL.</summary>
    NoDatabase,

    /// <summary>The server is stopping.</summary>
    Stopping,
}
