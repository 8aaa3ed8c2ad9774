namespace ErlChat.Nodes;

/// <summary>Asks nodes for a sign of life. Thread-safe.</summary>
public interface INodePing
{
    /// <summary>
    /// Asks a node whether it is there, for at most two seconds. False if it does not answer, has another cookie, or nobody knows it.
    /// </summary>
    /// <param name="node">The node's name.</param>
    Task<bool> PingAsync(string node);
}
