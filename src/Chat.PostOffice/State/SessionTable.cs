using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// All sessions, whether their users are online or not, for reading: what it returns of a packed guest is a copy. In no particular order.
/// </summary>
internal sealed class SessionTable(Dictionary<SessionKey, Session> sessions, PackedGuests packed) : IReadOnlyDictionary<SessionKey, Session>
{
    public int Count => sessions.Count + packed.Count;

    public IEnumerable<SessionKey> Keys => this.Select(static one => one.Key);

    public IEnumerable<Session> Values => sessions.Values.Concat(packed.All.Select(static guest => guest.Unpack().Session));

    public Session this[SessionKey key] => TryGetValue(key, out Session? session) ? session : throw new KeyNotFoundException();

    public bool ContainsKey(SessionKey key) => sessions.ContainsKey(key) || packed.Find(key) is not null;

    public bool TryGetValue(SessionKey key, [MaybeNullWhen(false)] out Session value)
    {
        if (!sessions.TryGetValue(key, out value))
            value = packed.Find(key)?.Unpack().Session;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<SessionKey, Session>> GetEnumerator() =>
        Values.Select(static session => KeyValuePair.Create(session.Key, session)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
