using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// The skeletons of the nicks and names in use, so that nobody can take a name that looks like another user's. Names that are equal,
/// ignoring case, may share a skeleton; whether equal names are allowed is decided elsewhere. Not thread-safe: part of the fold.
/// </summary>
internal sealed class Looks(PackedGuests packed)
{
    private readonly Dictionary<string, (string Text, int Holders)> _holders = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a different name that looks like this one is in use. False if there is no skeleton, as in entries of older versions.
    /// </summary>
    internal bool IsTaken(string? look, string text) =>
        look is not null
            && (_holders.TryGetValue(look, out (string Text, int) holder) ? holder.Text : packed.FindLook(look)?.Nick) is { } holds
            && !string.Equals(holds, text, StringComparison.OrdinalIgnoreCase);

    internal void Add(PersonState person)
    {
        Add(person.NickLook, person.Who.Nick);
        Add(person.NameLook, person.Who.Name);
    }

    internal void Remove(PersonState person)
    {
        Remove(person.NickLook);
        Remove(person.NameLook);
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
        Sparse.Trim(_holders);
    }
}
