using System.Threading.Channels;
using ErlChat.Log;

namespace ErlChat.Sqlite.Log;

/// <summary>Passes entries from the writer, once they are committed, to the log's reader. There is one reader at a time.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EntryFeed
{
    private readonly Lock _gate = new();
    private Channel<LogEntry[]>? _reader;
    private long _newest;

    /// <summary>Passes on entries that are in the file. Called in their order.</summary>
    internal void Publish(LogEntry[] group)
    {
        lock (_gate)
        {
            _newest = group[^1].Sequence;
            _reader?.Writer.TryWrite(group);
        }
    }

    /// <summary>Returns the entries that are committed from now on, until <see cref="Leave"/>.</summary>
    /// <param name="newest">The newest entry that this process has committed so far; 0 if there is none.</param>
    internal ChannelReader<LogEntry[]> Follow(out long newest)
    {
        lock (_gate)
        {
            if (_reader is not null)
                throw new InvalidOperationException("A log has one reader at a time.");
            _reader = Channel.CreateUnbounded<LogEntry[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
            newest = _newest;
            return _reader.Reader;
        }
    }

    /// <summary>Ends the reading.</summary>
    internal void Leave()
    {
        lock (_gate)
            _reader = null;
    }
}
