using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// The user ids of the users with whom private messages were exchanged, by nick. A reply must not reach another user who has taken the nick
/// since. Thread-safe.
/// </summary>
internal sealed class Partners
{
    /// <summary>
    /// How many nicks are remembered. There must be a limit, because anyone can send messages under any number of nicks. One more replaces
    /// the oldest.
    /// </summary>
    private const int Limit = 1000;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The id of the first user with the nick; null if there was none.</summary>
    internal string? IdOf(string nick)
    {
        lock (_gate)
            return _ids.GetValueOrDefault(nick);
    }

    internal void Note(Whispered message)
    {
        (string nick, string? id) = message.Own ? (message.To, message.ToId) : (message.From, message.FromId);
        if (id is null)
            return;
        lock (_gate)
        {
            if (_ids.TryAdd(nick, id) && _ids.Count > Limit)
                _ids.RemoveAt(0);
        }
    }

    internal void Forget(string nick)
    {
        lock (_gate)
            _ids.Remove(nick);
    }
}
