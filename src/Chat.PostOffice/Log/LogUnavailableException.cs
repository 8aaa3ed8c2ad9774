namespace ErlChat.Log;

/// <summary>The log cannot take an entry now: a full disk, a lost broker. Nothing was added.</summary>
public sealed class LogUnavailableException : IOException
{
    public LogUnavailableException()
    {
    }

    public LogUnavailableException(string message)
        : base(message)
    {
    }

    public LogUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
