using System.Globalization;
using Npgsql;

namespace ErlChat.Postgres.Nodes;

/// <summary>
/// A lease that this node holds on a kind of work. The statements that do the work name it, so that a node that was frozen and does not
/// know yet that it has lost the lease changes nothing.
/// </summary>
/// <param name="Name">The kind of work: the lease's name.</param>
/// <param name="Holder">This run of this node.</param>
/// <param name="Number">Rises with every change of the holder.</param>
internal readonly record struct WorkTerm(string Name, string Holder, long Number)
{
    /// <summary>
    /// A condition for a statement that acts under the lease. It does not lock the lease, because every node's heartbeat would wait for
    /// that. So the lease may be lost between this statement and its commit, and the work must do no harm when another node does it too.
    /// </summary>
    /// <param name="first">The number of the first of its three parameters. <see cref="AddTo"/> adds them.</param>
    internal static string Condition(int first) => string.Create(
        CultureInfo.InvariantCulture,
        $"EXISTS (SELECT FROM lease WHERE name = ${first} AND holder = ${first + 1} AND term = ${first + 2})");

    /// <summary>Adds the parameters of the condition.</summary>
    internal void AddTo(NpgsqlCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Holder });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Number });
    }
}
