namespace ErlChat.Postgres.Connections;

/// <summary>
/// The database could not be reached, or did not answer. What was sent may have been carried out or not. The message is a clause for the
/// operator.
/// </summary>
internal sealed class DatabaseAwayException : IOException
{
    public DatabaseAwayException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The database cannot be used as it is, and waiting would not help. The message is one line for the operator.</summary>
internal sealed class DatabaseRefusedException : IOException
{
    public DatabaseRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The message alone: a stack trace would not help the operator.</summary>
    public override string ToString() => Message;
}
