using System.Diagnostics.Metrics;

namespace ErlChat.Telemetry;

/// <summary>The ring's part of the meter <c>ErlChat</c>. Thread-safe.</summary>
public sealed class RingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ErlChat";

    private readonly Histogram<double> _appends;

    public RingMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _appends = meters.Create(MeterName).CreateHistogram(
            "erlchat.log.append.duration",
            "s",
            "Time from a command's append until the log has the entry or refuses it, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    /// <summary>Whether anybody listens; the clock is not asked otherwise.</summary>
    internal bool WatchesAppends => _appends.Enabled;

    internal void Appended(TimeSpan duration, bool taken) =>
        _appends.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", taken ? "taken" : "refused"));
}
