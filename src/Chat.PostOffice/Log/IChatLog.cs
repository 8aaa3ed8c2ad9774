namespace ErlChat.Log;

/// <summary>
/// The one ordered log from which all state follows. In a process, only <c>ChatRoom</c> uses it. Calls of
/// <see cref="AppendAsync"/> are made one after another, but may be in progress at the same time. There is one reader. Other nodes' entries
/// may come in between.
/// </summary>
public interface IChatLog
{
    /// <summary>Identifies this log. A cursor into another log is meaningless here.</summary>
    string Epoch { get; }

    /// <summary>
    /// Whether the log accepts entries, as far as it knows. It can be read either way. An in-process log always accepts entries.
    /// </summary>
    bool IsAvailable => true;

    /// <summary>
    /// The position of the newest entry, when called or later: an entry that any node has acknowledged before the call is at or before it.
    /// 0 if only this process appends, because its reader then has every entry before the command is answered.
    /// </summary>
    /// <exception cref="LogUnavailableException">The log cannot be asked now.</exception>
    ValueTask<long> NewestAsync(CancellationToken cancellationToken) => new(0L);

    /// <summary>
    /// Appends an entry. The order of calls is the order in the log; a call need not wait for the one before it. Completes when the log has
    /// stored the entry as durably as it promises. The reader gets the entry, possibly before this completes.
    /// </summary>
    /// <exception cref="LogUnavailableException">
    /// The log cannot accept the entry now. Usually the entry is not in the log and will not appear. If the log ends while an append is in
    /// progress (<see cref="LogEndedException"/>), it may be. The implementation reports the reason in the server's log, once for the
    /// whole outage; callers do not.
    /// </exception>
    ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken);

    /// <summary>
    /// All entries with a sequence above <paramref name="after"/>, ascending: first the existing ones, then new ones as they arrive. Ends
    /// by cancellation, with <see cref="OperationCanceledException"/>, or with <see cref="LogEndedException"/> if this process must not
    /// read on. Sequences start above 0 and have gaps.
    /// </summary>
    IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken);
}

/// <summary>An entry and its position in the log.</summary>
public readonly record struct LogEntry(long Sequence, Entry Entry);
