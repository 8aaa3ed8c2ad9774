using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>The id of the newest message of each room that was read, or written here, and was not deleted.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class NewestMessages
{
    /// <summary>How many rooms are remembered: more than a server usually lets one be in.</summary>
    private const int Limit = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The newest message of a room; null if none was read, or if it was deleted.</summary>
    internal long? Of(string room)
    {
        lock (_gate)
            return _ids.TryGetValue(room, out long id) ? id : null;
    }

    internal void Note(RoomEvent happened)
    {
        if (happened is Said { IsDeleted: false } said)
            Note(said.Room, said.Id);
        else if (happened is MessageRemoved { Room: { } room } removed)
            Forget(room, removed.MessageId);
    }

    /// <summary>Notes a message of a room, such as one of one's own that has not been read yet.</summary>
    internal void Note(string room, long id)
    {
        lock (_gate)
        {
            if (_ids.ContainsKey(room) || _ids.Count < Limit)
                _ids[room] = Math.Max(id, _ids.GetValueOrDefault(room));
        }
    }

    private void Forget(string room, long id)
    {
        lock (_gate)
        {
            if (_ids.GetValueOrDefault(room) == id)
                _ids.Remove(room);
        }
    }

    /// <summary>Forgets all after a new login: the log may be another one.</summary>
    internal void Clear()
    {
        lock (_gate)
            _ids.Clear();
    }
}
