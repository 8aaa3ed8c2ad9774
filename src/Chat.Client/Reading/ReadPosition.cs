namespace ErlChat.Client;

/// <summary>Up to where an application has read. It is behind the pump, which buffers. Thread-safe.</summary>
internal sealed class ReadPosition
{
    private readonly Lock _gate = new();
    private long _cursor;
    private string? _epoch;

    /// <summary>The first id that the application has not read, and its log.</summary>
    internal (long Cursor, string? Epoch) Now
    {
        get
        {
            lock (_gate)
                return (_cursor, _epoch);
        }
    }

    internal void Begin(long cursor, string? epoch)
    {
        lock (_gate)
            (_cursor, _epoch) = (cursor, epoch);
    }

    internal void Note(ChatEvent read)
    {
        lock (_gate)
        {
            if (read is Resynced anew)
                (_cursor, _epoch) = (anew.Cursor, anew.Epoch);
            else if (read is RoomEvent { Id: var id })
                _cursor = Math.Max(_cursor, id + 1);
        }
    }
}
