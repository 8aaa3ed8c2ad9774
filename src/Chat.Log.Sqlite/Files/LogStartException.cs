namespace ErlChat.Sqlite.Files;

/// <summary>The database cannot be opened, or it is damaged. The message is one line for the operator.</summary>
public sealed class LogStartException : IOException
{
    public LogStartException()
    {
    }

    public LogStartException(string message)
        : base(message)
    {
    }

    public LogStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
