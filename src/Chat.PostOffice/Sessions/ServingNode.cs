namespace ErlChat.Sessions;

/// <summary>The node that serves a session. It decides when the session is idle. Immutable.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Since">The sequence of the entry with which it began.</param>
internal sealed record ServingNode(string Name, long Since);
