using ErlChat.Names;

namespace ErlChat.State;

/// <summary>The newest acts of administrators. Not thread-safe: part of the fold.</summary>
internal sealed class Acts
{
    /// <summary>How many acts are kept. One more replaces the oldest. Not an option, because the fold has no configuration.</summary>
    internal const int Limit = 1000;

    private readonly Queue<Act> _acts = new();

    /// <summary>Oldest first.</summary>
    internal IReadOnlyCollection<Act> All => _acts;

    /// <summary>
    /// Removes the nick of an erased person from all acts, and the texts from those that were done by or to the person.
    /// </summary>
    internal void Erase(Person who)
    {
        for (int i = _acts.Count; i > 0; i--)
        {
            Act act = _acts.Dequeue();
            bool isBy = act.ById == who.UserId;
            bool isOf = act.OfId == who.UserId
                || (act.OfId is null && act.Of is { } nick && Nick.Same(nick, who.Nick));
            if (isBy)
                act = act with { By = Person.ErasedNick, Text = null };
            if (isOf)
                act = act with { Of = null, Text = null };
            _acts.Enqueue(act);
        }
    }

    internal void Add(Act act)
    {
        _acts.Enqueue(act);
        if (_acts.Count > Limit)
            _acts.Dequeue();
    }
}
