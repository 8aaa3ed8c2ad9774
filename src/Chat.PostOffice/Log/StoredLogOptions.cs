using System.ComponentModel.DataAnnotations;

namespace ErlChat.Log;

/// <summary>
/// What the logs in a database have in common: snapshots, and what is kept. Configuration section <c>Log</c>; nodes that share a log should
/// have the same values.
/// </summary>
public abstract class StoredLogOptions
{
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

    /// <summary>How often the server, or one of several nodes, looks for entries to remove.</summary>
    /// <value>100 ms to 1 day; 1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CheckRetention { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait after a failed write before each further try.</summary>
    /// <value>10 ms to 1 min; 1 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many bytes of messages (estimated) may wait in memory while they are not in the history tables. Above it, the oldest are only in
    /// the log, from which they are written into the tables later: with SQLite at the next start.
    /// </summary>
    /// <value>64 KiB to 16 GiB; 64 MiB by default, some 100 000 short messages.</value>
    [Range(64 * 1024, 16L * 1024 * 1024 * 1024)]
    public long MaxPendingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Whether to start even though no snapshot can be read and the entries before the first kept one were removed. Sessions, rooms and
    /// bans recorded only in those entries are then lost.
    /// </summary>
    /// <value>False by default: such a start fails and says so.</value>
    public bool AcceptLostState { get; set; }

    /// <summary>What contradicts each other in these options, for the operator; null if nothing does.</summary>
    public string? FindContradiction() => SnapshotEvery < RestoreMail
        ? $"Log:SnapshotEvery ({SnapshotEvery}) must not be below Log:RestoreMail ({RestoreMail}), or no snapshot would be old enough to "
            + "use."
        : null;
}
