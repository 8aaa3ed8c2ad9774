namespace ErlChat.Log;

/// <summary>
/// This process must stop applying the log: its state does not follow from what the log contains now, or it does not know an entry. Only a
/// new run helps, perhaps of a newer program, so the server then stops. The message is one line for the operator, which is in the server's
/// log already.
/// </summary>
public sealed class LogEndedException : IOException
{
    public LogEndedException()
    {
    }

    public LogEndedException(string message)
        : base(message)
    {
    }

    public LogEndedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The message alone: a stack trace would not help the operator.</summary>
    public override string ToString() => Message;
}
