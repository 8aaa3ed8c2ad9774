using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ErlChat.Sqlite.Log;

/// <summary>The durable log, configuration section <c>Log</c>. Checked when the server starts.</summary>
public sealed class SqliteLogOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Log";

    /// <summary>The database file. Its folder is made when it is not there.</summary>
    /// <value>Relative to the content root, the folder with <c>templates</c> and <c>wwwroot</c>; <c>data/chat.db</c> by default.</value>
    [Required]
    public string Path { get; set; } = "data/chat.db";

    /// <summary>
    /// Refuse to start without a database that was there before. Otherwise a volume that is not mounted is a new, empty chat that nobody
    /// asked for.
    /// </summary>
    /// <value>false by default: a missing database is made, and the start says so. Set it once the first start has made one.</value>
    public bool MustExist { get; set; }

    /// <summary>Entries between two snapshots. More make snapshots rarer and a start longer: a start folds up to twice as many, at some 100 000 a second.</summary>
    /// <value><see cref="RestoreMail"/> to 10 000 000; 20 000 by default.</value>
    [Range(1, 10_000_000)]
    public int SnapshotEvery { get; set; } = 20_000;

    /// <summary>
    /// The newest entries whose mail a start puts back into mailboxes: how far behind a reader may be and still go on after a restart without a resync. More make
    /// starts longer (0.1 to 0.2 s for each thousand with 10 000 people in one room) and take 8 bytes for each mail in each mailbox.
    /// </summary>
    /// <value>0 to 100 000; 1 000 by default, as many as a mailbox holds.</value>
    [Range(0, 100_000)]
    public int RestoreMail { get; set; } = 1000;

    /// <summary>How old entries and what was said may get before they are removed.</summary>
    /// <value>1 min to 100 years; none by default, which keeps everything.</value>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan? KeepFor { get; set; }

    /// <summary>How many of the newest entries are kept.</summary>
    /// <value>1 or more; none by default, which keeps everything.</value>
    [Range(1, long.MaxValue)]
    public long? KeepEntries { get; set; }

    /// <summary>How often entries to remove are looked for.</summary>
    /// <value>100 ms to 1 day; 1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CheckRetention { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a failed write the disk is tried again, and again.</summary>
    /// <value>10 ms to 1 min; 1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is tried whether the disk takes a write while nobody writes anything, and whether it can be read.</summary>
    /// <value>100 ms to 1 h; 10 s by default, for which a disk writes some 100 MB a day.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes of the write-ahead log, the file <c>…-wal</c>, that are too many: more mean that it cannot be brought into the database, because somebody reads for too long or a disk fails.
    /// Then the server's own reads make way, and the log names who does not.
    /// </summary>
    /// <value>1 MiB to 1 TiB; 128 MiB by default, twice what the file is cut to in good times.</value>
    [Range(1024 * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxWalBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>How long a read of the database may take, searches apart, which have <c>Chat:SearchTimeout</c>. While one lasts, the write-ahead log can only grow.</summary>
    /// <value>1 s to 10 min; 30 s by default, some thousand times what the longest page of history takes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes of messages, estimated, that may wait in memory to be written to the history's tables while these cannot be written. Beyond it the oldest are in the log only, until the
    /// next start brings them into the tables.
    /// </summary>
    /// <value>64 KiB to 16 GiB; 64 MiB by default: some 100 000 short messages.</value>
    [Range(64 * 1024, 16L * 1024 * 1024 * 1024)]
    public long MaxPendingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Where the backups go that administrators ask for on the operator's page. Made, for the server's own user alone, when the first is
    /// written.
    /// </summary>
    /// <value>Relative to the folder of the database; <c>backups</c> by default. Better is a folder on another disk.</value>
    [Required]
    public string BackupFolder { get; set; } = "backups";

    /// <summary>How many of these backups are kept: when a new one was written and checked, the oldest beyond them are removed.</summary>
    /// <value>0 to 10 000; 7 by default, a week of daily ones. 0 keeps all.</value>
    [Range(0, 10_000)]
    public int KeepBackups { get; set; } = 7;

    /// <summary>
    /// Copy a database of an older version before it is upgraded, so that you can go back to the older program.
    /// </summary>
    /// <value>true by default: the start fails if the disk has no room for the copy.</value>
    public bool CopyBeforeUpgrade { get; set; } = true;

    /// <summary>
    /// Start although no snapshot can be read and the entries before the first kept one were removed: sessions, rooms and bans that only these told of are then lost.
    /// </summary>
    /// <value>false by default: such a start fails and says so.</value>
    public bool AcceptLostState { get; set; }
}

/// <summary>What must hold between options.</summary>
internal sealed class SqliteLogOptionsRules : IValidateOptions<SqliteLogOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteLogOptions options) => options.SnapshotEvery < options.RestoreMail
        ? ValidateOptionsResult.Fail($"Log:SnapshotEvery ({options.SnapshotEvery}) must not be below Log:RestoreMail ({options.RestoreMail}), or no snapshot would be old enough to use.")
        : ValidateOptionsResult.Success;
}
