using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// Who the nicks are that one has exchanged private messages with, by user id: a message for one of them must not reach a stranger who
/// has taken the nick since.
/// Thread-safe.
/// </summary>
internal sealed class Partners
{
    /// <summary>Nicks remembered; anybody can write to one under any number of them. With one more the oldest is forgotten.</summary>
    private const int Limit = 1000;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first who had the nick; null when nobody did.</summary>
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
