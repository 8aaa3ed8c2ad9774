namespace ErlChat.Nodes;

/// <summary>What a node tells the others about itself with each heartbeat.</summary>
/// <param name="Address">The URL at which the others reach it; empty while it has none.</param>
/// <param name="Applied">The sequence of the last entry that its fold applied.</param>
/// <param name="Sessions">How many sessions it knows.</param>
/// <param name="Parked">How many polls are parked there.</param>
public readonly record struct NodeReport(string Address, long Applied, int Sessions, int Parked);

/// <summary>Describes this node. Thread-safe and quick.</summary>
public interface INodeReporter
{
    /// <summary>The version of the program.</summary>
    string Version { get; }

    /// <summary>The origin of the entries that this run of the node writes.</summary>
    string Origin { get; }

    /// <summary>How the node is doing.</summary>
    NodeReport Read();
}
