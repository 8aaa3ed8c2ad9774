using ErlChat.Logging;
using Microsoft.Extensions.Logging;

namespace ErlChat.Postgres.Log;

/// <summary>
/// Failures of the database, whether in appending or in reading: one line when they begin, and one when they are over.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class DatabaseOutage(TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Outage _outage = new(time, logger, Log.Recovered);

    /// <summary>Whether it has begun and is not over.</summary>
    internal bool IsOn => _outage.IsOn;

    internal void Failed(Exception failure)
    {
        if (_outage.Failed())
            Log.Away(logger, failure.Message.TrimEnd('.'));
    }

    internal void Succeeded() => _outage.Succeeded();

    public void Dispose() => _outage.Dispose();

    private static partial class Log
    {
        [LoggerMessage(
            611,
            LogLevel.Error,
            "The database fails: {Problem}. Messages wait for it, and are refused if this lasts.",
            EventName = "DatabaseAway")]
        public static partial void Away(ILogger logger, string problem);

        [LoggerMessage(
            612,
            LogLevel.Warning,
            "The database works again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "DatabaseRecovered")]
        public static partial void Recovered(ILogger logger, long count, double seconds);
    }
}
