using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Upkeep;

/// <summary>
/// The clock that retention uses. A system clock that is wrong by a hundred days would remove everything at once, irrecoverably. So a clock
/// that is ahead of the newest entry plus the time elapsed since is not believed until it has run steadily for a while. Removing entries
/// late does no harm.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed partial class RetentionClock
{
    /// <summary>
    /// How far ahead the clock is believed at once, and how long it must run steadily otherwise, as a fraction of the age at which entries
    /// are removed. At worst, entries are removed too early by that small fraction.
    /// </summary>
    private const double Share = 0.1;

    private static readonly TimeSpan s_most = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _doubt;
    private readonly ILogger _logger;
    private Moment _known;
    private Moment? _claimed;
    private bool _hasBegun;

    internal RetentionClock(TimeSpan keepFor, TimeProvider time, ILogger logger)
    {
        _doubt = keepFor * Share < s_most ? keepFor * Share : s_most;
        (_time, _logger) = (time, logger);
        _known = Read();
    }

    /// <summary>The current time, as far as the clock is believed.</summary>
    /// <param name="newest">The time of the newest entry from before this process started; null for an empty log, in which nothing is
    /// old.</param>
    internal DateTimeOffset Now(DateTimeOffset? newest)
    {
        Moment now = Read();
        if (!_hasBegun && newest is { } last && _known.Clock - last > _doubt)
            _known = _known with { Clock = last };
        _hasBegun = true;
        if (IsNear(_known, now))
        {
            if (_claimed is not null)
                Log.Believed(_logger, now.Clock);
            (_known, _claimed) = (now, null);
            return now.Clock;
        }

        // If the clock jumps again, the waiting time starts again.
        if (_claimed is not { } claimed || !IsNear(claimed, now) || now.Clock < Expected(claimed, now) - _doubt)
        {
            if (_claimed is null)
                Log.Doubted(_logger, now.Clock, Expected(_known, now), _doubt);
            claimed = now;
            _claimed = now;
        }

        if (_time.GetElapsedTime(claimed.Timestamp, now.Timestamp) < _doubt)
            return Expected(_known, now);
        Log.Believed(_logger, now.Clock);
        (_known, _claimed) = (now, null);
        return now.Clock;
    }

    /// <summary>What the clock must show now if it was right at that moment.</summary>
    private DateTimeOffset Expected(Moment then, Moment now) => then.Clock + _time.GetElapsedTime(then.Timestamp, now.Timestamp);

    /// <summary>Whether it shows that time, an earlier one, or one only slightly later.</summary>
    private bool IsNear(Moment then, Moment now) => now.Clock <= Expected(then, now) + _doubt;

    private Moment Read() => new(_time.GetUtcNow(), _time.GetTimestamp());

    /// <summary>What the clock showed, and the monotonic time of that moment.</summary>
    private readonly record struct Moment(DateTimeOffset Clock, long Timestamp);

    private static partial class Log
    {
        [LoggerMessage(243, LogLevel.Warning,
            "The clock says {Clock:u}, but according to the log and the time elapsed it is about {Expected:u}. "
                + "Until the clock has run steadily for {Wait}, Log:KeepFor does not use it to remove anything. Check whether it is right.",
            EventName = "RetentionDoubtsClock")]
        public static partial void Doubted(ILogger logger, DateTimeOffset clock, DateTimeOffset expected, TimeSpan wait);

        [LoggerMessage(244, LogLevel.Warning, "Log:KeepFor uses the clock again: it is {Clock:u}.", EventName = "RetentionBelievesClock")]
        public static partial void Believed(ILogger logger, DateTimeOffset clock);
    }
}
