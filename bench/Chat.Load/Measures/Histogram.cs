using HdrHistogram;

namespace ErlChat.Load.Measures;

/// <summary>
/// Durations in milliseconds, stored in microseconds to four significant digits. Anything longer than an hour counts as an hour.
/// </summary>
internal sealed class Histogram
{
    private const int Digits = 4;
    private const double Microseconds = 1000;

    private static readonly long s_longest = (long)TimeSpan.FromHours(1).TotalMicroseconds;

    private readonly LongHistogram _counts = new(s_longest, Digits);

    internal long Count => _counts.TotalCount;

    internal double Longest => _counts.GetMaxValue() / Microseconds;

    internal void Add(double milliseconds) =>
        _counts.RecordValue((long)Math.Clamp(milliseconds * Microseconds, 0, s_longest));

    internal void Clear() => _counts.Reset();

    /// <summary>The number of milliseconds that this percentage of durations did not exceed. NaN when there are none.</summary>
    internal double Percentile(double percent) => Count == 0 ? double.NaN : _counts.GetValueAtPercentile(percent) / Microseconds;
}
