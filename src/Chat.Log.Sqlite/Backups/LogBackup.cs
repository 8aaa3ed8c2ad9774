using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Backups;

/// <summary>
/// Writes backups of a database, whether or not a server has it open, and however busy that server is. The copy shows the database at the
/// moment of the call. It is checked before it gets its name. Until then, and if the backup fails or is cancelled, an earlier backup of
/// that name stays as it is.
/// </summary>
/// <remarks>
/// Thread-safe; each call opens its own connections. During a backup the WAL of the database cannot be shortened, so it grows with every
/// write.
/// </remarks>
/// <param name="database">The database file.</param>
public sealed class LogBackup(string database)
{
    /// <summary>Writes a backup, with mode 0600, on a thread of its own.</summary>
    /// <param name="target">The file to write.</param>
    /// <param name="replace">Whether it may replace a file of that name; false by default.</param>
    /// <param name="progress">Called regularly, on that thread.</param>
    /// <param name="cancellationToken">Cancels the backup. The call then ends at once; its thread ends within about a second and removes
    /// what it has written.</param>
    /// <returns>Facts about the backup. If the database has damaged entries, so has the backup, and the result says so.</returns>
    /// <exception cref="LogStartException">The database cannot be read, the target cannot be written, or a backup with damaged entries
    /// would replace another file. One line.</exception>
    /// <exception cref="IOException">A file of that name exists already, or the copy cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The backup was cancelled.</exception>
    public async Task<LogBackupResult> WriteAsync(
        string target,
        bool replace = false,
        IProgress<LogBackupProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Task<LogBackupResult> writing = Task.Factory.StartNew(
            () => Write(target, replace, progress, cancellationToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            return await writing.WaitAsync(cancellationToken);
        }
        catch (ToolUseException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc cref="WriteAsync"/>
    internal LogBackupResult Write(string target, bool replace, IProgress<LogBackupProgress>? progress, CancellationToken cancelled)
    {
        target = Path.GetFullPath(target);
        if (target == Path.GetFullPath(database))
            throw new ToolUseException($"{target} is the database itself.");
        try
        {
            using var file = new NewFile(target, replace);
            Copy(file.Path, progress, cancelled);
            Mark(file);
            LogBackupResult result = Check(file.Path, progress, cancelled) with { File = target, Bytes = new FileInfo(file.Path).Length };
            if (result.Problems > 0 && File.Exists(target))
            {
                throw new LogStartException($"The database is damaged, and {target} was not replaced: {result.FirstProblem} "
                    + "Write the backup to another file to keep what there is. "
                    + "`log verify` lists the damage, `log salvage` leaves it out.");
            }

            file.Place(replace);
            return result;
        }
        catch (SqliteException e)
        {
            cancelled.ThrowIfCancellationRequested();
            throw DatabaseCheck.IsDamage(e)
                ? DatabaseCheck.Explain(database, e)
                : new LogStartException($"The backup of {database} failed: {e.Message}", e);
        }
    }

    private void Copy(string copy, IProgress<LogBackupProgress>? progress, CancellationToken cancelled)
    {
        using SqliteConnection connection = FileConnection.Open(database, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, database, orBackup: true))
            throw new LogStartException($"{database} is empty.");
        long pages = connection.Scalar<long>("PRAGMA page_count") - connection.Scalar<long>("PRAGMA freelist_count");
        long all = pages * connection.Scalar<long>("PRAGMA page_size");
        using var interruption = new Interruption(
            connection, cancelled, () => Report(progress, LogBackupStep.Copying, new FileInfo(copy).Length, all));
        interruption.Execute("VACUUM INTO $copy", ("$copy", copy));
    }

    /// <summary>
    /// Marks the copy as a backup, so that no program opens it as the log itself. It becomes one only when a restore gives it sequences
    /// above those that the log has assigned since.
    /// </summary>
    private static void Mark(NewFile file)
    {
        using SqliteConnection connection = file.Connect();
        connection.Execute($"PRAGMA application_id = {Schema.BackupId}");
    }

    private static LogBackupResult Check(string copy, IProgress<LogBackupProgress>? progress, CancellationToken cancelled)
    {
        using SqliteConnection connection = FileConnection.Open(copy, SqliteOpenMode.ReadOnly);
        using var findings = new StringWriter();
        var check = new LogVerify(connection, findings, (done, all) => Report(progress, LogBackupStep.Checking, done, all), cancelled);
        int problems = check.Run();
        string? first = problems == 0 ? null : findings.ToString().Split('\n')[0].TrimEnd();
        return new LogBackupResult(copy, 0, check.Entries, check.Newest) { Problems = problems, FirstProblem = first };
    }

    private static void Report(IProgress<LogBackupProgress>? progress, LogBackupStep step, long done, long all) =>
        progress?.Report(new LogBackupProgress(step, all == 0 ? 0 : Math.Min(1, (double)done / all)));
}

/// <summary>A backup that was written.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="Newest">The sequence of the newest entry; 0 if there is none.</param>
public sealed record LogBackupResult(string File, long Bytes, long Entries, long Newest)
{
    /// <summary>The number of problems in the database, and so in the backup, which contains everything else.</summary>
    public int Problems { get; init; }

    /// <summary>The first problem, in one line; null if there is none.</summary>
    public string? FirstProblem { get; init; }
}

/// <summary>The progress of a backup.</summary>
/// <param name="Step">The current step.</param>
/// <param name="Fraction">How much of that step is done, from 0 to 1.</param>
public readonly record struct LogBackupProgress(LogBackupStep Step, double Fraction);

/// <summary>The steps of a backup, in their order.</summary>
public enum LogBackupStep
{
    /// <summary>The database is copied.</summary>
    Copying,

    /// <summary>The copy is read and checked.</summary>
    Checking,
}
