using ErlChat.Names;

namespace ErlChat.State;

/// <summary>The bans of addresses and of persons. Not thread-safe: part of the fold.</summary>
internal sealed class Bans
{
    /// <summary>How many persons are banned at most. Only administrators ban. One more replaces the ban that ends first.</summary>
    internal const int PersonLimit = 1000;

    private readonly SortedDictionary<string, Ban> _byHost = new(StringComparer.Ordinal);

    // By what is the same in all spellings of the nick.
    private readonly SortedDictionary<string, Ban> _byNick = new(StringComparer.Ordinal);

    /// <summary>Bans of addresses, by address.</summary>
    internal IReadOnlyDictionary<string, Ban> Addresses => _byHost;

    /// <summary>Bans of persons, by nick. One that bans an address too is also in <see cref="Addresses"/>.</summary>
    internal IReadOnlyCollection<Ban> Persons => _byNick.Values;

    /// <summary>All bans, each once. The address of a person's ban is null if a later ban has taken its place.</summary>
    internal IEnumerable<Ban> All => _byHost.Values.Concat(_byNick.Values
        .Where(ban => ban.Host is null || !_byHost.TryGetValue(ban.Host, out Ban? there) || there != ban)
        .Select(static ban => ban with { Host = null }));

    /// <summary>The ban of an address; null if there is none at that time.</summary>
    internal Ban? Find(string host, DateTimeOffset now) => _byHost.TryGetValue(host, out Ban? ban) && ban.Until > now ? ban : null;

    /// <summary>The ban of whoever has a nick or a user id; null if there is none at that time.</summary>
    internal Ban? FindPerson(string nick, string? userId, DateTimeOffset now)
    {
        if (_byNick.TryGetValue(Nick.KeyOf(nick), out Ban? ban) && ban.Until > now)
            return ban;
        return userId is null ? null : _byNick.Values.FirstOrDefault(one => one.UserId == userId && one.Until > now);
    }

    internal void RemoveExpired(DateTimeOffset now)
    {
        RemoveFrom(_byHost, ban => ban.Until <= now);
        RemoveFrom(_byNick, ban => ban.Until <= now);
    }

    /// <summary>Bans the address of a ban, if it has one, and the person, if it names one.</summary>
    internal void Add(Ban ban)
    {
        if (ban.Host is not null)
            _byHost[ban.Host] = ban;
        if (ban.UserId is null)
            return;
        _byNick[Nick.KeyOf(ban.Nick)] = ban;
        if (_byNick.Count > PersonLimit)
            _byNick.Remove(_byNick.MinBy(static one => one.Value.Until).Key);
    }

    /// <summary>Ends the bans of an erased person. Those of addresses stay, without the person.</summary>
    internal void Erase(Person who)
    {
        RemoveFrom(_byNick, ban => ban.UserId == who.UserId || IsOf(ban, who.Nick));
        foreach (Ban ban in _byHost.Values.Where(ban => ban.UserId == who.UserId || IsOf(ban, who.Nick)).ToArray())
            _byHost[ban.Host!] = new Ban(ban.Host, "", "", ban.Until);
    }

    internal void RestoreAddress(Ban ban) => _byHost.Add(ban.Host!, ban);

    internal void RestorePerson(Ban ban) => _byNick.Add(Nick.KeyOf(ban.Nick), ban);

    /// <summary>
    /// Lifts the bans of an address, or those of the person with a nick: with the address, the bans of the persons for whom it was banned,
    /// and with the person, the ban of the address if it was made for that person.
    /// </summary>
    /// <returns>The newest of them; null if there was none at that time.</returns>
    internal Ban? Lift(string hostOrNick, DateTimeOffset now)
    {
        Ban? found = Find(hostOrNick, now) ?? FindPerson(hostOrNick, null, now);
        if (found is null)
            return null;
        RemoveFrom(_byHost, ban => ban.Host == hostOrNick || (ban.UserId is not null && IsOf(ban, hostOrNick)));
        RemoveFrom(_byNick, ban => ban.Host == hostOrNick || IsOf(ban, hostOrNick));
        return found;
    }

    private static bool IsOf(Ban ban, string nick) => Nick.Same(ban.Nick, nick);

    private static void RemoveFrom(SortedDictionary<string, Ban> bans, Func<Ban, bool> which)
    {
        foreach (string key in bans.Where(one => which(one.Value)).Select(one => one.Key).ToArray())
            bans.Remove(key);
    }
}
