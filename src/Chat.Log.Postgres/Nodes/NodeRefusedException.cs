namespace ErlChat.Postgres.Nodes;

/// <summary>
/// This node must not start. The message is one line for the operator, and all that is shown even in the host's log, because a stack trace
/// would not help.
/// </summary>
internal sealed class NodeRefusedException(string message) : IOException(message)
{
    public override string ToString() => Message;
}
