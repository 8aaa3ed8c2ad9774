using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ErlChat.Sqlite.Log;

/// <summary>The durable log, configuration section <c>Log</c>. Checked when the server starts.</summary>
public sealed class SqliteLogOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Log";

    /// <summary>The database file. Its folder is created if it does not exist.</summary>
    /// <value>Relative to the content root, the folder with <c>templates</c> and <c>wwwroot</c>; <c>data/chat.db</c> by default.</value>
    [Required]
    public string Path { get; set; } = "data/chat.db";

    /// <summary>
    /// Whether to refuse to start if the database does not exist yet. Otherwise a volume that is not mounted would look like a new, empty
    /// chat.
    /// </summary>
    /// <value>False by default: a missing database is created, and the start says so. Set it after the first start.</value>
    public bool MustExist { get; set; }

    /// <summary>
    /// How many entries there are between two snapshots. With more, snapshots are rarer and a start takes longer: a start folds up to twice
    /// as many, at some 100 000 a second.
    /// </summary>
    /// <value><see cref="RestoreMail"/> to 10 000 000; 20 000 by default.</value>
    [Range(1, 10_000_000)]
    public int SnapshotEvery { get; set; } = 20_000;

    /// <summary>
    /// The number of newest entries whose mail a start puts back into mailboxes, which is how far behind a reader may be and still continue
    /// after a restart without a resync. More make a start longer (0.1 to 0.2 s for each thousand with 10 000 users in one room) and take 8
    /// bytes for each mail in each mailbox.
    /// </summary>
    /// <value>0 to 100 000; 1 000 by default, as many as a mailbox holds.</value>
    [Range(0, 100_000)]
    public int RestoreMail { get; set; } = 1000;

    /// <summary>The age at which entries and messages are removed.</summary>
    /// <value>1 min to 100 years; none by default, which keeps everything.</value>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan? KeepFor { get; set; }

    /// <summary>How many of the newest entries are kept.</summary>
    /// <value>1 or more; none by default, which keeps everything.</value>
    [Range(1, long.MaxValue)]
    public long? KeepEntries { get; set; }

    /// <summary>How often the server looks for entries to remove.</summary>
    /// <value>100 ms to 1 day; 1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CheckRetention { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait after a failed write before each further try.</summary>
    /// <value>10 ms to 1 min; 1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the server checks that an idle disk can be read and written.</summary>
    /// <value>100 ms to 1 h; 10 s by default, for which a disk writes some 100 MB a day.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The size from which on the write-ahead log, the file <c>…-wal</c>, counts as too large. It then cannot be moved into the database,
    /// because a program reads for too long or a disk fails. The server's own reads make way, and the log names other programs that do not.
    /// </summary>
    /// <value>1 MiB to 1 TiB; 128 MiB by default, twice the size to which the file is normally cut.</value>
    [Range(1024 * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxWalBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>
    /// How long a read of the database may take, except for searches, which have <c>Chat:SearchTimeout</c>. During a read, the write-ahead
    /// log can only grow.
    /// </summary>
    /// <value>1 s to 10 min; 30 s by default, some thousand times as long as the longest page of history takes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many bytes of messages (estimated) may wait in memory while the history tables cannot be written. Above it, the oldest are only
    /// in the log, until the next start writes them into the tables.
    /// </summary>
    /// <value>64 KiB to 16 GiB; 64 MiB by default, some 100 000 short messages.</value>
    [Range(64 * 1024, 16L * 1024 * 1024 * 1024)]
    public long MaxPendingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// The folder for the backups that administrators make on the operator's page. It is created with the first backup, for the server's
    /// user only.
    /// </summary>
    /// <value>Relative to the folder of the database; <c>backups</c> by default. A folder on another disk is better.</value>
    [Required]
    public string BackupFolder { get; set; } = "backups";

    /// <summary>
    /// How many of these backups are kept; after a new one has been written and checked, the oldest beyond that number are removed.
    /// </summary>
    /// <value>0 to 10 000; 7 by default, a week of daily backups. 0 keeps all.</value>
    [Range(0, 10_000)]
    public int KeepBackups { get; set; } = 7;

    /// <summary>
    /// Whether to copy a database of an older version before upgrading it, so that you can go back to the older program.
    /// </summary>
    /// <value>True by default: the start fails if the disk has no room for the copy.</value>
    public bool CopyBeforeUpgrade { get; set; } = true;

    /// <summary>
    /// Whether to start even though no snapshot can be read and the entries before the first kept one were removed. Sessions, rooms and
    /// bans recorded only in those entries are then lost.
    /// </summary>
    /// <value>False by default: such a start fails and says so.</value>
    public bool AcceptLostState { get; set; }
}

/// <summary>What must hold between options.</summary>
internal sealed class SqliteLogOptionsRules : IValidateOptions<SqliteLogOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteLogOptions options) => options.SnapshotEvery < options.RestoreMail
        ? ValidateOptionsResult.Fail(
            $"Log:SnapshotEvery ({options.SnapshotEvery}) must not be below Log:RestoreMail ({options.RestoreMail}), "
            + "or no snapshot would be old enough to use.")
        : ValidateOptionsResult.Success;
}
