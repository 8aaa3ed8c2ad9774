using ErlChat.Names;

namespace ErlChat.State;

/// <summary>
/// User ids of erased persons that a client could ask for again. Ids that a server created are not among them: nobody can ask for those.
/// Not thread-safe: part of the fold.
/// </summary>
internal sealed class ErasedIds
{
    /// <summary>
    /// How many ids are remembered. Only administrators erase persons who have such ids. One more replaces the oldest.
    /// </summary>
    internal const int Limit = 1000;

    private readonly Queue<string> _ids = new();

    /// <summary>Oldest first.</summary>
    internal IReadOnlyCollection<string> All => _ids;

    internal void Add(string userId)
    {
        if (UserId.IsOurs(userId) || Has(userId))
            return;
        _ids.Enqueue(userId);
        if (_ids.Count > Limit)
            _ids.Dequeue();
    }

    internal bool Has(string userId) => _ids.Contains(userId);
}
