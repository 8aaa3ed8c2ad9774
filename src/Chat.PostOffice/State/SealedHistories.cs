namespace ErlChat.State;

/// <summary>
/// The names that private rooms had, and up to which sequence their messages are sealed. Histories are stored by name and outlive rooms, so
/// without this, whoever creates a room with that name again could read them. Not thread-safe: part of the fold.
/// </summary>
internal sealed class SealedHistories
{
    /// <summary>
    /// How many names are remembered. One more, and the oldest is forgotten: then every new room is without the messages from before.
    /// </summary>
    internal const int Limit = 1000;

    private readonly Dictionary<string, long> _through = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Up to here, the messages of every room that is created are sealed.</summary>
    internal long Floor { get; set; }

    /// <summary>In the order in which they were sealed.</summary>
    internal IEnumerable<SealedImage> All => _through
        .OrderBy(static one => one.Value)
        .ThenBy(static one => one.Key, StringComparer.Ordinal)
        .Select(static one => new SealedImage(one.Key, one.Value));

    /// <summary>Up to which sequence the messages of a room that is now created are sealed; 0 if none are.</summary>
    internal long Of(string room) => Math.Max(Floor, _through.GetValueOrDefault(room));

    internal void Seal(string room, long through)
    {
        // Without this, the name would keep the spelling of an earlier room.
        _through.Remove(room);
        _through.Add(room, through);
        if (_through.Count <= Limit)
            return;
        SealedImage oldest = All.First();
        _through.Remove(oldest.Room);
        Floor = oldest.Through;
    }

    internal void Restore(SealedImage one) => _through.Add(one.Room, one.Through);
}
