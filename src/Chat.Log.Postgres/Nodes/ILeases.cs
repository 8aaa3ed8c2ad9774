using ErlChat.Nodes;

namespace ErlChat.Postgres.Nodes;

/// <summary>The leases of this node. Thread-safe and quick.</summary>
internal interface ILeases
{
    /// <summary>The lease under which this node does a kind of work; null if it has none, or may have lost it.</summary>
    WorkTerm? TermOf(ElectedWork work);
}
