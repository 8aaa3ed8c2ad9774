namespace ErlChat.State;

/// <summary>The mutes in force, which outlive the sessions that they were made for. Part of the fold: not thread-safe.</summary>
internal sealed class Mutes
{
    /// <summary>Mutes kept. Only administrators make them; one more takes the place of the one that ends first.</summary>
    internal const int Limit = 1000;

    private readonly SortedDictionary<string, Mute> _byNick = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By nick, ignoring case.</summary>
    internal IEnumerable<Mute> All => _byNick.Values;

    internal Mute? Find(string nick) => _byNick.GetValueOrDefault(nick);

    /// <summary>Until when a newcomer may not speak; the default value when it may.</summary>
    internal DateTimeOffset EndFor(string nick, string host, DateTimeOffset now)
    {
        DateTimeOffset end = default;
        foreach (Mute mute in _byNick.Values)
        {
            if (mute.Until > now && mute.Until > end
                && (mute.Host == host || string.Equals(mute.Nick, nick, StringComparison.OrdinalIgnoreCase)))
                end = mute.Until;
        }

        return end;
    }

    internal void Add(Mute mute, DateTimeOffset now)
    {
        foreach (string expired in _byNick.Values.Where(one => one.Until <= now).Select(one => one.Nick).ToArray())
            _byNick.Remove(expired);
        _byNick[mute.Nick] = mute;
        if (_byNick.Count > Limit)
            _byNick.Remove(_byNick.Values.MinBy(one => one.Until)!.Nick);
    }

    internal void Restore(Mute mute) => _byNick.Add(mute.Nick, mute);

    /// <summary>Forgets those of a nick and those of an address.</summary>
    internal void Remove(string nick, string host)
    {
        _byNick.Remove(nick);
        foreach (string other in _byNick.Values.Where(one => one.Host == host).Select(one => one.Nick).ToArray())
            _byNick.Remove(other);
    }
}
