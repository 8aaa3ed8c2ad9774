namespace ErlChat.Postgres.Nodes;

/// <summary>Who a run of a node claims to be.</summary>
/// <param name="Origin">The origin of the entries that it writes.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Cookie">The chat's cookie.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Kinds">The kinds of entries that it knows.</param>
internal sealed record NodeClaim(string Origin, string Name, string Cookie, string Version, IReadOnlyCollection<string> Kinds)
{
    /// <summary>The record's text must not contain the cookie.</summary>
    public override string ToString() => $"{Name} ({Origin})";
}
