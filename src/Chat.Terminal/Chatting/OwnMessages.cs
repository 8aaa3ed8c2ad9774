using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>The ids of the user's newest messages, in rooms and private, from this device or another.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OwnMessages
{
    /// <summary>How many are kept. Only the newest can be edited, and the others come up as newer ones are deleted.</summary>
    private const int Limit = 100;

    private readonly Lock _gate = new();
    private readonly SortedSet<long> _ids = [];

    /// <summary>Deleted ones. An event that was on its way may still tell of them.</summary>
    private readonly SortedSet<long> _gone = [];

    /// <summary>The newest message that was not deleted; null for none.</summary>
    internal long? Last
    {
        get
        {
            lock (_gate)
                return _ids.Count > 0 ? _ids.Max : null;
        }
    }

    internal void Note(long id)
    {
        lock (_gate)
        {
            if (!_gone.Contains(id))
                Keep(_ids, id);
        }
    }

    internal void Note(RoomEvent happened)
    {
        if (happened is Said { Own: true, IsDeleted: false } or Whispered { Own: true, IsDeleted: false })
            Note(happened.Id);
        else if (happened is MessageRemoved removed)
            Forget(removed.MessageId);
    }

    internal void Forget(long id)
    {
        lock (_gate)
        {
            _ids.Remove(id);
            Keep(_gone, id);
        }
    }

    /// <summary>Forgets all, because they are another user's after a new login.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _ids.Clear();
            _gone.Clear();
        }
    }

    private static void Keep(SortedSet<long> ids, long id)
    {
        ids.Add(id);
        if (ids.Count > Limit)
            ids.Remove(ids.Min);
    }
}
