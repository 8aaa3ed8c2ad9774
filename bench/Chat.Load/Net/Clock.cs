namespace ErlChat.Load.Net;

/// <summary>The monotonic clock, in its own ticks.</summary>
internal static class Clock
{
    internal static long Now => TimeProvider.System.GetTimestamp();

    /// <summary>User and system time of a process's CPU clock (<c>clock_gettime</c>), to the nanosecond.</summary>
    internal static unsafe TimeSpan CpuTime(int clock)
    {
        long* time = stackalloc long[2];
        Reactor.Check(Native.ClockGetTime(clock, time));
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromTicks(time[1] / 100);
    }

    /// <summary>User and system time of the load tool itself.</summary>
    internal static TimeSpan OwnCpuTime => CpuTime(Native.OwnCpuClock);

    internal static double Milliseconds(long ticks) => ticks * 1000.0 / TimeProvider.System.TimestampFrequency;

    internal static double Seconds(long ticks) => (double)ticks / TimeProvider.System.TimestampFrequency;

    internal static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
}
