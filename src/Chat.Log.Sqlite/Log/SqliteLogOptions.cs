using System.ComponentModel.DataAnnotations;
using ErlChat.Log;
using Microsoft.Extensions.Options;

namespace ErlChat.Sqlite.Log;

/// <summary>The durable log, configuration section <c>Log</c>. Checked when the server starts.</summary>
public sealed class SqliteLogOptions : StoredLogOptions
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
}

/// <summary>What must hold between options.</summary>
internal sealed class SqliteLogOptionsRules : IValidateOptions<SqliteLogOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteLogOptions options) => options.FindContradiction() is { } contradiction
        ? ValidateOptionsResult.Fail(contradiction)
        : ValidateOptionsResult.Success;
}
