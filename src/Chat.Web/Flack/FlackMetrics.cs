using System.Diagnostics.Metrics;
using ErlChat.Web.Watching;

namespace ErlChat.Web.Flack;

/// <summary>The metrics of the flack protocol, in the meter <c>ErlChat</c>. Thread-safe.</summary>
internal sealed class FlackMetrics
{
    private readonly Counter<long> _ended;

    public FlackMetrics(IMeterFactory meters, FlackConnections connections)
    {
        Meter meter = meters.Create(ChatMetrics.MeterName);
        meter.CreateObservableGauge("erlchat.flack.connections", () => connections.Count, "{connection}", "Open flack connections.");
        _ended = meter.CreateCounter<long>("erlchat.flack.ended", "{connection}", "Flack connections ended, by reason.");
    }

    internal void Ended(FlackEnd end) => _ended.Add(1, new KeyValuePair<string, object?>("reason", end.Why));
}
