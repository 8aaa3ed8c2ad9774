using ErlChat.Names;

namespace ErlChat.State;

/// <summary>The mutes that outlive their sessions. Not thread-safe: part of the fold.</summary>
internal sealed class Mutes
{
    /// <summary>How many mutes are kept. Only administrators make them. One more replaces the one that ends first.</summary>
    internal const int Limit = 1000;

    private readonly SortedDictionary<string, Mute> _byNick = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By nick, ignoring case.</summary>
    internal IEnumerable<Mute> All => _byNick.Values;

    internal Mute? Find(string nick) => _byNick.GetValueOrDefault(nick);

    /// <summary>Until when a new session is muted; the default value if it is not.</summary>
    internal DateTimeOffset EndFor(string nick, string userId, string host, DateTimeOffset now) =>
        Longest(now, mute => mute.Host == host || IsOf(mute, nick, userId));

    /// <summary>Until when a person is muted by mutes of persons; the default value if there is none.</summary>
    internal DateTimeOffset EndForPerson(string nick, string userId, DateTimeOffset now) =>
        Longest(now, mute => mute.UserId is not null && IsOf(mute, nick, userId));

    internal void RemoveExpired(DateTimeOffset now) => Remove(one => one.Until <= now);

    /// <summary>Ends the mutes of an erased person, also of the addresses that they were made for.</summary>
    internal void Erase(Person who) => Remove(one => IsOf(one, who.Nick, who.UserId));

    internal void Add(Mute mute, DateTimeOffset now)
    {
        RemoveExpired(now);
        _byNick[mute.Nick] = mute;
        if (_byNick.Count > Limit)
            _byNick.Remove(_byNick.Values.MinBy(one => one.Until)!.Nick);
    }

    internal void Restore(Mute mute) => _byNick.Add(mute.Nick, mute);

    /// <summary>
    /// Lifts the mutes of a person, of the addresses that they mute, and of the address where the person is now. Persons who were muted
    /// together with one of these addresses stay muted without it; mutes of older versions end.
    /// </summary>
    /// <param name="nick">The person's nick.</param>
    /// <param name="userId">The person's user id; null if only the nick is known.</param>
    /// <param name="host">The person's address; null if the person is not logged in.</param>
    /// <returns>The addresses.</returns>
    internal IReadOnlySet<string> Lift(string nick, string? userId, string? host)
    {
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        if (host is not null)
            hosts.Add(host);
        foreach (Mute mute in _byNick.Values.Where(one => one.Host is not null && IsOf(one, nick, userId)))
            hosts.Add(mute.Host!);
        foreach (Mute mute in _byNick.Values.ToArray())
        {
            if (IsOf(mute, nick, userId) || (mute.Host is not null && hosts.Contains(mute.Host) && mute.UserId is null))
                _byNick.Remove(mute.Nick);
            else if (mute.Host is not null && hosts.Contains(mute.Host))
                _byNick[mute.Nick] = mute with { Host = null };
        }

        return hosts;
    }

    private void Remove(Func<Mute, bool> which)
    {
        foreach (string nick in _byNick.Values.Where(which).Select(static one => one.Nick).ToArray())
            _byNick.Remove(nick);
    }

    private static bool IsOf(Mute mute, string nick, string? userId) =>
        string.Equals(mute.Nick, nick, StringComparison.OrdinalIgnoreCase) || (mute.UserId is not null && mute.UserId == userId);

    private DateTimeOffset Longest(DateTimeOffset now, Func<Mute, bool> which)
    {
        DateTimeOffset end = default;
        foreach (Mute mute in _byNick.Values)
        {
            if (mute.Until > now && mute.Until > end && which(mute))
                end = mute.Until;
        }

        return end;
    }
}
