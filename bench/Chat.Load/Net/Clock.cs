namespace ErlChat.Load.Net;

/// <summary>The monotonic clock, in its own ticks.</summary>
internal static class Clock
{
    internal static long Now => TimeProvider.System.GetTimestamp();

    internal static double Milliseconds(long ticks) => ticks * 1000.0 / TimeProvider.System.TimestampFrequency;

    internal static double Seconds(long ticks) => (double)ticks / TimeProvider.System.TimestampFrequency;

    internal static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
}
