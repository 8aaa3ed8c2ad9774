namespace ErlChat.Log;

/// <summary>
/// The log cannot accept an entry now, for example because the disk is full. Usually nothing was added; <see cref="IChatLog.AppendAsync"/>
/// says when something may have been.
/// </summary>
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
