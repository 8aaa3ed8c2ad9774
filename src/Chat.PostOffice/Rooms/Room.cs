namespace ErlChat;

/// <summary>A named conversation, as the fold knows it. Changed by the fold only.</summary>
internal sealed class Room(string name)
{
    /// <summary>As whoever came first spelled it.</summary>
    internal string Name { get; } = name;

    /// <summary>What its name looks like; null when that does not count.</summary>
    internal string? Look { get; init; }

    internal string Topic { get; set; } = "";

    /// <summary>Members by session. Never enumerate this for anything that is seen: use <see cref="InOrder"/>.</summary>
    internal Dictionary<SessionKey, Membership> Members { get; } = [];

    /// <summary>Members in the order of their coming, which is the same on every node.</summary>
    internal IEnumerable<Membership> InOrder => Members.Values.OrderBy(member => member.Since);
}

/// <summary>A session in a room since an entry. <paramref name="Quiet"/>: not told who comes and goes.</summary>
internal sealed record Membership(Session Session, long Since, bool Quiet);
