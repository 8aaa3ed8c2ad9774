using ErlChat.Log;
using Microsoft.Extensions.Logging;

namespace ErlChat.Postgres.Log;

/// <summary>Whether this process may still use the log. Once it must not, it says why in one line, and stays that way until a restart.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class LogEnd(ILogger logger)
{
    private string? _why;

    /// <summary>The reason, one line for the operator; null while the log may be used.</summary>
    internal string? Why => Volatile.Read(ref _why);

    /// <summary>Ends the use of the log. Only the first reason counts.</summary>
    internal LogEndedException Reach(string why)
    {
        if (Interlocked.CompareExchange(ref _why, why, null) is null)
            Log.Ended(logger, why);
        return new LogEndedException(Why!);
    }

    /// <exception cref="LogEndedException">The end has been reached.</exception>
    internal void ThrowIfReached()
    {
        if (Why is { } why)
            throw new LogEndedException(why);
    }

    private static partial class Log
    {
        [LoggerMessage(
            610,
            LogLevel.Critical,
            "{Why} This node has stopped applying the log and refuses messages until it is restarted.",
            EventName = "LogEnded")]
        public static partial void Ended(ILogger logger, string why);
    }
}
