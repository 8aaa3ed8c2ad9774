using ErlChat.Health;

namespace ErlChat.Sqlite;

/// <content>How it is.</content>
internal sealed partial class SqliteHistory
{
    /// <summary>Estimated bytes of the rows that are not in the tables yet.</summary>
    internal long PendingBytes
    {
        get
        {
            lock (_gate)
                return _weight;
        }
    }

    /// <summary>Tells whoever watches the server what may be wrong here.</summary>
    internal void AddTo(Conditions conditions)
    {
        conditions.Watch("search-index", "the search index is damaged and made anew, so searches miss messages", () => _isDetached);
        conditions.Watch("history-waits", "messages wait in memory to be written to the history", () => _isFailing);
        conditions.Watch("history-incomplete", "the history lacks messages until the server is restarted", () => _isIncomplete);
    }
}
