namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>What happens to a site.</summary>
internal enum Failure
{
    /// <summary>Nothing, for comparison.</summary>
    None,

    /// <summary>The primary, its Patroni included, is killed, and started again after another has taken over.</summary>
    PrimaryKilled,

    /// <summary>The primary, its Patroni included, hangs for longer than its lease lasts.</summary>
    PrimaryFrozen,

    /// <summary>The primary's Patroni does not reach etcd for longer than its lease lasts, but reaches the other hosts.</summary>
    PrimaryCutOff,

    /// <summary>The primary hands over to its standby, as for maintenance.</summary>
    SwitchedOver,

    /// <summary>A node of the chat is killed, and started again.</summary>
    NodeKilled,
}

internal static class Failures
{
    /// <summary>How often each happens in a run.</summary>
    private static readonly (Failure Failure, int Times)[] s_times =
    [
        (Failure.PrimaryKilled, 6),
        (Failure.PrimaryFrozen, 2),
        (Failure.PrimaryCutOff, 2),
        (Failure.SwitchedOver, 2),
        (Failure.NodeKilled, 6),
    ];

    /// <summary>The failures of a run, in a random order.</summary>
    internal static Failure[] Shuffled(Random random)
    {
        Failure[] all = [.. s_times.SelectMany(one => Enumerable.Repeat(one.Failure, one.Times))];
        random.Shuffle(all);
        return all;
    }

    /// <summary>The failure, as a table names it.</summary>
    internal static string Name(this Failure failure) => failure switch
    {
        Failure.None => "none, for comparison",
        Failure.PrimaryKilled => "primary killed",
        Failure.PrimaryFrozen => "primary frozen for 20 s",
        Failure.PrimaryCutOff => "primary cut off from etcd for 20 s",
        Failure.SwitchedOver => "planned switchover",
        Failure.NodeKilled => "node killed",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };
}
