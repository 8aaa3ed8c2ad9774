using ErlChat.Log;
using Microsoft.Extensions.Logging;

namespace ErlChat.Postgres.Log;

/// <summary>
/// Whether this process may still use the log. Once it must not, one line says why, and that stays so until a restart.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class LogEnd(ILogger logger)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _why;

    /// <summary>The reason, one line for the operator; null while the log may be used.</summary>
    internal string? Why => Volatile.Read(ref _why);

    /// <summary>Completes when the log must not be used any more.</summary>
    internal Task Reached => _reached.Task;

    /// <summary>Ends the use of the log. Only the first reason counts.</summary>
    internal LogEndedException Reach(string why)
    {
        if (Interlocked.CompareExchange(ref _why, why, null) is null)
        {
            Log.Ended(logger, why);
            _reached.SetResult();
        }

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
            "{Why} This node applies nothing more and stops, so that a new run can begin with what the log has now.",
            EventName = "LogEnded")]
        public static partial void Ended(ILogger logger, string why);
    }
}
