using System.Threading.Channels;
using ErlChat.Log;

namespace ErlChat.Sqlite.Log;

/// <summary>Passes committed entries from the writer to the reader of the log. There is one reader at a time.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EntryFeed
{
    private readonly Lock _gate = new();
    private Channel<LogEntry[]>? _reader;
    private long _newest;

    /// <summary>Passes on entries that are in the file. Call it in the order of the entries.</summary>
    internal void Publish(LogEntry[] group)
    {
        lock (_gate)
        {
            _newest = group[^1].Sequence;
            _reader?.Writer.TryWrite(group);
        }
    }

    /// <summary>Returns the entries committed from now on, until <see cref="Leave"/> is called.</summary>
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

    /// <summary>Ends the reader's subscription.</summary>
    internal void Leave()
    {
        lock (_gate)
            _reader = null;
    }
}
