using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// The newest removals, by session, for clients that were not there to read the notice. Not thread-safe: part of the fold.
/// </summary>
internal sealed class Removals
{
    /// <summary>
    /// How many sessions are remembered. Only administrators remove people. One more replaces the oldest. Not an option, because the fold
    /// has no configuration.
    /// </summary>
    internal const int Limit = 1000;

    /// <summary>
    /// How long a removal is remembered if the session was online: the fold does not know how long it could have been offline.
    /// </summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30);

    private readonly OrderedDictionary<SessionKey, Removal> _removals = [];

    /// <summary>Oldest first.</summary>
    internal IReadOnlyCollection<Removal> All => _removals.Values;

    /// <summary>How a session was removed; null if it was not, or if that is no longer remembered.</summary>
    internal Removal? Find(SessionKey session, DateTimeOffset now) =>
        _removals.TryGetValue(session, out Removal? found) && found.Until > now ? found : null;

    /// <summary>Remembers the removal from a session whose client keeps the token. Another client could not come back with it.</summary>
    internal void Add(Session session, string byId, string reason, DateTimeOffset? bannedUntil, DateTimeOffset now)
    {
        if (!session.IsKept)
            return;
        RemoveExpired(now);
        DateTimeOffset until = session.IsOnline ? now + s_lifetime : session.OfflineUntil;
        Restore(new Removal(session.Key.ToString(), session.Person.Who.UserId, byId, Act.Cut(reason), until)
        {
            BannedUntil = bannedUntil,
            WasAway = !session.IsOnline,
        });
        if (_removals.Count > Limit)
            _removals.RemoveAt(0);
    }

    internal void Restore(Removal removal) => _removals[SessionKey.Parse(removal.Session)] = removal;

    internal void RemoveExpired(DateTimeOffset now)
    {
        for (int i = _removals.Count - 1; i >= 0; i--)
        {
            if (_removals.GetAt(i).Value.Until <= now)
                _removals.RemoveAt(i);
        }
    }

    /// <summary>Forgets the removals of an erased person, and the reasons that the person gave.</summary>
    internal void Erase(Person who)
    {
        for (int i = _removals.Count - 1; i >= 0; i--)
        {
            Removal removal = _removals.GetAt(i).Value;
            if (removal.UserId == who.UserId)
                _removals.RemoveAt(i);
            else if (removal.ById == who.UserId)
                _removals.SetAt(i, removal with { Reason = "" });
        }
    }
}
