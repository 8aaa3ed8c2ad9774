using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>A named conversation, as the fold knows it. Changed by the fold only.</summary>
internal sealed class Room(string name)
{
    private readonly Dictionary<SessionKey, Membership> _members = [];
    private readonly MemberOrder _order = new();

    /// <summary>As its first member spelled it.</summary>
    internal string Name { get; } = name;

    /// <summary>What its name looks like; null when that does not count.</summary>
    internal string? Look { get; init; }

    internal string Topic { get; set; } = "";

    /// <summary>Members by session. Never enumerate this for anything that is seen: use <see cref="InOrder"/>.</summary>
    internal IReadOnlyDictionary<SessionKey, Membership> Members => _members;

    /// <summary>
    /// Members in the order in which they came, which is the same on every node. Kept, not sorted: this is enumerated under the fold's
    /// lock.
    /// </summary>
    internal IEnumerable<Membership> InOrder => _order;

    /// <summary>Adds a member, who has come after all others.</summary>
    internal void Add(Membership member)
    {
        _members.Add(member.Session.Key, member);
        _order.Add(member);
    }

    internal void Remove(SessionKey session)
    {
        if (_members.Remove(session, out Membership? member))
            _order.Remove(member);
    }

    /// <summary>The members' persons, in order.</summary>
    internal Person[] CopyPersons()
    {
        var persons = new Person[_members.Count];
        int count = 0;
        foreach (Membership member in _order)
            persons[count++] = member.Session.Who;
        return persons;
    }
}

/// <summary>A session in a room since an entry. <paramref name="quiet"/>: not told who comes and goes.</summary>
internal sealed class Membership(Session session, long since, bool quiet)
{
    internal Session Session { get; } = session;

    internal long Since { get; } = since;

    internal bool Quiet { get; } = quiet;

    /// <summary>Where <see cref="MemberOrder"/> has it.</summary>
    internal int Place { get; set; }
}
