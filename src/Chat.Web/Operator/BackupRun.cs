using ErlChat.Sqlite.Backups;

namespace ErlChat.Web.Operator;

/// <summary>One backup, from its beginning on. Thread-safe: one thread writes, any look.</summary>
internal sealed class BackupRun(DateTimeOffset since) : IProgress<LogBackupProgress>, IDisposable
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private LogBackupProgress _progress;
    private BackupEnd? _end;

    internal DateTimeOffset Since => since;

    internal CancellationToken GivenUp => _giveUp.Token;

    /// <summary>Completes when nothing of it is being done any more.</summary>
    internal Task Ended => _ended.Task;

    internal LogBackupProgress Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
    }

    /// <summary>What came of it; null while it is being written.</summary>
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

/// <summary>How a backup came out: a result, a problem in one line, or neither when it was given up.</summary>
internal sealed record BackupEnd(LogBackupResult? Result, string? Problem);

/// <summary>Whether a backup begins.</summary>
internal enum BackupStart
{
    Begun,

    /// <summary>One is being written.</summary>
    Busy,

    /// <summary>The log is in memory.</summary>
    NoDatabase,

    /// <summary>The server stops.</summary>
    Stopping,
}
