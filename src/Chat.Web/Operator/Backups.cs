using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Files;

namespace ErlChat.Web.Operator;

/// <summary>
/// Runs backups while the chat is running, one at a time. When the server stops, the running backup is cancelled. Thread-safe.
/// </summary>
internal sealed partial class Backups : IHostedService, IDisposable
{
    /// <summary>The most backup files that are listed.</summary>
    private const int MaxNamed = 100;

    /// <summary>How long a stop waits until a cancelled backup has removed its files. The next backup removes what is left.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly BackupFolder? _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<Backups> _logger;
    private readonly CancellationTokenRegistration _stopping;
    private BackupRun? _last;
    private bool _isStopping;

    public Backups(TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Backups> logger, BackupFolder? folder = null)
    {
        (_time, _logger, _folder) = (time, logger, folder);
        _stopping = lifetime.ApplicationStopping.UnsafeRegister(static backups => ((Backups)backups!).Close(), this);
    }

    /// <summary>The folder of the backups; null if the log is in memory or in PostgreSQL and cannot be backed up here.</summary>
    internal string? Folder => _folder?.Folder;

    /// <summary>The running backup, or else the last one; null before the first.</summary>
    internal BackupRun? Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>The existing backups, newest first.</summary>
    internal IReadOnlyList<KeptBackup> Files() => _folder?.List(MaxNamed) ?? [];

    internal BackupStart Begin()
    {
        if (_folder is null)
            return BackupStart.NoDatabase;
        BackupRun run;
        lock (_gate)
        {
            if (_isStopping)
                return BackupStart.Stopping;
            if (_last is { End: null })
                return BackupStart.Busy;
            _last?.Dispose();
            _last = run = new BackupRun(_time.GetUtcNow());
        }

        _ = WriteAsync(_folder, run);
        return BackupStart.Begun;
    }

    /// <summary>Cancels the running backup, if there is one.</summary>
    internal void Cancel()
    {
        lock (_gate)
            _last?.GiveUp();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Close();
        if (Last is { } run)
            await run.Ended.WaitAsync(s_patience, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        if (_last is { End: not null })
            _last.Dispose();
    }

    private void Close()
    {
        lock (_gate)
        {
            _isStopping = true;
            _last?.GiveUp();
        }
    }

    private async Task WriteAsync(BackupFolder folder, BackupRun run)
    {
        BackupEnd end;
        Log.Begins(_logger, folder.Folder);
        try
        {
            LogBackupResult result = await folder.WriteAsync(run, run.GivenUp);
            Log.Written(_logger, result.File, result.Bytes, result.Entries);
            end = new BackupEnd(result, null);

            // Older backups may be better than this one.
            if (result.FirstProblem is { } problem)
                Log.NotSound(_logger, result.File, result.Problems, problem);
            else
                RemoveOld(folder, result.File);
        }
        catch (OperationCanceledException)
        {
            Log.GivenUp(_logger);
            end = new BackupEnd(null, null);
        }
        catch (Exception e) when (e is LogStartException or IOException)
        {
            Log.Failed(_logger, e.Message);
            end = new BackupEnd(null, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug. The run must still end, or the page would wait forever and the next backup would be refused as busy.
            Log.Broke(_logger, e);
            end = new BackupEnd(null, $"{e.GetType().Name}: {e.Message}");
        }

        run.Finish(end);
    }

    private void RemoveOld(BackupFolder folder, string newest)
    {
        try
        {
            folder.RemoveOld(newest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(_logger, folder.Folder, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(780, LogLevel.Information, "An administrator started a backup to {Folder}.", EventName = "BackupBegins")]
        public static partial void Begins(ILogger logger, string folder);

        [LoggerMessage(
            781,
            LogLevel.Information,
            "The backup {File} has been written and checked: {Bytes} bytes, {Entries} entries.",
            EventName = "BackupWritten")]
        public static partial void Written(ILogger logger, string file, long bytes, long entries);

        [LoggerMessage(782, LogLevel.Warning, "The backup was cancelled and leaves no files behind.", EventName = "BackupGivenUp")]
        public static partial void GivenUp(ILogger logger);

        [LoggerMessage(783, LogLevel.Warning, "The backup failed: {Problem}", EventName = "BackupFailed")]
        public static partial void Failed(ILogger logger, string problem);

        [LoggerMessage(784, LogLevel.Error, "The backup failed.", EventName = "BackupBroke")]
        public static partial void Broke(ILogger logger, Exception exception);

        [LoggerMessage(
            786,
            LogLevel.Error,
            "The database, and so the backup {File}, is damaged (findings: {Problems}): {First} `log verify` lists them. "
            + "No old backup was removed.",
            EventName = "BackupNotSound")]
        public static partial void NotSound(ILogger logger, string file, int problems, string first);

        [LoggerMessage(785, LogLevel.Warning, "Old backups in {Folder} cannot be removed: {Problem}", EventName = "OldBackupsNotRemoved")]
        public static partial void NotRemoved(ILogger logger, string folder, string problem);
    }
}
