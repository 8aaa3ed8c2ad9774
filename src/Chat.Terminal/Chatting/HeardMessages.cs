using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>The newest message of others in each room, which <c>/reply</c> answers.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HeardMessages
{
    /// <summary>How many are kept of each room, because the newest may be deleted.</summary>
    private const int Limit = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedSet<long>> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The newest one that was not deleted; null for none.</summary>
    internal long? LastIn(string room)
    {
        lock (_gate)
            return _rooms.TryGetValue(room, out SortedSet<long>? ids) && ids.Count > 0 ? ids.Max : null;
    }

    internal void Note(RoomEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case Said { Own: false, IsDeleted: false } said:
                    if (!_rooms.TryGetValue(said.Room, out SortedSet<long>? ids))
                        _rooms.Add(said.Room, ids = []);
                    ids.Add(said.Id);
                    if (ids.Count > Limit)
                        ids.Remove(ids.Min);
                    break;
                case MessageRemoved { Room: { } room } removed when _rooms.TryGetValue(room, out SortedSet<long>? heard):
                    heard.Remove(removed.MessageId);
                    break;
                case RoomParted parted:
                    _rooms.Remove(parted.Room);
                    break;
            }
        }
    }

    /// <summary>Forgets all, after a new login.</summary>
    internal void Clear()
    {
        lock (_gate)
            _rooms.Clear();
    }
}
