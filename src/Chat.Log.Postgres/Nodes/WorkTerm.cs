namespace ErlChat.Postgres.Nodes;

/// <summary>
/// A lease that this node holds on a kind of work. A statement that does the work names it, so that a node that was frozen and does not
/// know yet that it has lost the lease changes nothing.
/// </summary>
/// <param name="Name">The kind of work: the lease's name.</param>
/// <param name="Holder">This run of this node.</param>
/// <param name="Number">Rises with every change of the holder.</param>
internal readonly record struct WorkTerm(string Name, string Holder, long Number)
{
    /// <summary>
    /// A condition for a statement that acts under the lease. The parameters of the condition are <c>@lease</c>, <c>@holder</c> and
    /// <c>@term</c>. It does not lock the lease, because every node's heartbeat would wait for that. So the lease may be lost between this
    /// statement and its commit, and the work must do no harm when another node does it too.
    /// </summary>
    internal const string Condition =
        "EXISTS (SELECT FROM lease WHERE name = @lease AND holder = @holder AND term = @term)";
}
