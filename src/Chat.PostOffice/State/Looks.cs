using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// What the nicks and names of the people here look like, so that nobody takes a name that would be taken for another's. Equal names,
/// ignoring case, may share a look: whether they may be equal is decided elsewhere. Part of the fold: not thread-safe.
/// </summary>
internal sealed class Looks
{
    private readonly Dictionary<string, (string Text, int Holders)> _holders = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether somebody has a different name that looks like this one. No look, which entries of earlier versions have, is never taken.
    /// </summary>
    internal bool IsTaken(string? look, string text) =>
        look is not null && _holders.TryGetValue(look, out (string Text, int) holder)
            && !string.Equals(holder.Text, text, StringComparison.OrdinalIgnoreCase);

    internal void Add(Session session)
    {
        Add(session.NickLook, session.Who.Nick);
        Add(session.NameLook, session.Who.Name);
    }

    internal void Remove(Session session)
    {
        Remove(session.NickLook);
        Remove(session.NameLook);
    }

    private void Add(string? look, string text)
    {
        if (look is null)
            return;
        (string Text, int Holders) now = _holders.GetValueOrDefault(look, (text, 0));
        _holders[look] = (now.Text, now.Holders + 1);
    }

    private void Remove(string? look)
    {
        if (look is null)
            return;
        (string text, int holders) = _holders[look];
        if (holders > 1)
            _holders[look] = (text, holders - 1);
        else
            _holders.Remove(look);
    }
}
