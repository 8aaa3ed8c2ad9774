using ErlChat.Names;

namespace ErlChat.State;

/// <summary>The mutes that outlive their sessions. Not thread-safe: part of the fold.</summary>
internal sealed class Mutes
{
    /// <summary>How many mutes are kept. Only administrators make them. One more replaces the one that ends first.</summary>
    internal const int Limit = 1000;

    // By what is the same in all spellings of the nick.
    private readonly SortedDictionary<string, Mute> _byNick = new(StringComparer.Ordinal);

    /// <summary>By what is the same in all spellings of the nick.</summary>
    internal IEnumerable<Mute> All => _byNick.Values;

    internal Mute? Find(string nick) => _byNick.GetValueOrDefault(Nick.KeyOf(nick));

    /// <summary>Until when a new session is muted; the default value if it is not.</summary>
    internal DateTimeOffset EndFor(string nick, string userId, string host, DateTimeOffset now)
    {
        string key = Nick.KeyOf(nick);
        return Longest(now, one => one.Value.Host == host || IsOf(one, key, userId));
    }

    /// <summary>Until when a person is muted by mutes of persons; the default value if there is none.</summary>
    internal DateTimeOffset EndForPerson(string nick, string userId, DateTimeOffset now)
    {
        string key = Nick.KeyOf(nick);
        return Longest(now, one => one.Value.UserId is not null && IsOf(one, key, userId));
    }

    internal void RemoveExpired(DateTimeOffset now)
    {
        foreach ((string key, Mute _) in _byNick.Where(one => one.Value.Until <= now).ToArray())
            _byNick.Remove(key);
    }

    /// <summary>Ends the mutes of an erased person. Those of addresses stay, without the person.</summary>
    internal void Erase(Person who)
    {
        string nick = Nick.KeyOf(who.Nick);
        foreach ((string key, Mute mute) in _byNick.ToArray())
        {
            if (mute.UserId is { } id ? id != who.UserId : key != nick)
                continue;
            _byNick.Remove(key);

            // No nick is an address, so this is nobody's. It is lifted by the address, as if that were the nick.
            if (mute.Host is { } host && (Find(host) is not { } other || other.Until < mute.Until))
                _byNick[Nick.KeyOf(host)] = new Mute(host, host, mute.Until);
        }
    }

    internal void Add(Mute mute, DateTimeOffset now)
    {
        RemoveExpired(now);
        _byNick[Nick.KeyOf(mute.Nick)] = mute;
        if (_byNick.Count > Limit)
            _byNick.Remove(_byNick.MinBy(static one => one.Value.Until).Key);
    }

    internal void Restore(Mute mute) => _byNick.Add(Nick.KeyOf(mute.Nick), mute);

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
        string key = Nick.KeyOf(nick);
        KeyValuePair<string, Mute>[] all = [.. _byNick];
        hosts.UnionWith(all.Where(one => IsOf(one, key, userId)).Select(static one => one.Value.Host).OfType<string>());
        foreach (KeyValuePair<string, Mute> one in all)
        {
            Mute mute = one.Value;
            if (IsOf(one, key, userId) || (mute.Host is not null && hosts.Contains(mute.Host) && mute.UserId is null))
                _byNick.Remove(one.Key);
            else if (mute.Host is not null && hosts.Contains(mute.Host))
                _byNick[one.Key] = mute with { Host = null };
        }

        return hosts;
    }

    /// <param name="one">A mute.</param>
    /// <param name="key">What is the same in all spellings of the person's nick.</param>
    /// <param name="userId">The person's user id; null if it is not known.</param>
    private static bool IsOf(KeyValuePair<string, Mute> one, string key, string? userId) =>
        one.Key == key || (one.Value.UserId is { } id && id == userId);

    private DateTimeOffset Longest(DateTimeOffset now, Func<KeyValuePair<string, Mute>, bool> which)
    {
        DateTimeOffset end = default;
        foreach (KeyValuePair<string, Mute> one in _byNick)
        {
            if (one.Value.Until > now && one.Value.Until > end && which(one))
                end = one.Value.Until;
        }

        return end;
    }
}
