using ErlChat.Rooms;

namespace ErlChat.Log;

/// <summary>
/// The one ordered log that everything follows from. One process has one caller of <see cref="AppendAsync"/> at a time and one reader,
/// both inside <see cref="ChatRoom"/>; entries of other nodes may come in between.
/// </summary>
public interface IChatLog
{
    /// <summary>The identity of this log: a cursor into another log means nothing here.</summary>
    string Epoch { get; }

    /// <summary>Whether the log takes entries, as far as it knows. What it has it can be read all the same. A log in process always does.</summary>
    bool IsAvailable => true;

    /// <summary>
    /// Adds an entry. The order of calls is the order in the log; a call need not wait for the one before it. Completes when the log
    /// has the entry to its own standard of durability; the entry then comes, or has come, to the reader.
    /// </summary>
    /// <exception cref="LogUnavailableException">
    /// The log cannot take it now; the entry is not in the log and will not appear. The implementation tells the server's log so itself,
    /// once for the whole trouble: its callers do not.
    /// </exception>
    ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken);

    /// <summary>
    /// All entries with a sequence above <paramref name="after"/>, ascending: first those that are there, then new ones as they come. Ends only
    /// by cancellation, with <see cref="OperationCanceledException"/>. Sequences start above 0 and have holes.
    /// </summary>
    IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken);
}

/// <summary>An entry at its place in the log.</summary>
public readonly record struct LogEntry(long Sequence, Entry Entry);
