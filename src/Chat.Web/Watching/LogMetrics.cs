using System.Diagnostics.Metrics;
using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Rooms;
using ErlChat.Telemetry;

namespace ErlChat.Web.Watching;

/// <summary>The log's metrics, in the meter <c>ErlChat</c>. A log in memory only has its availability and position. Thread-safe.</summary>
internal sealed class LogMetrics
{
    public LogMetrics(IMeterFactory meters, ChatRoom room, PostOffice office, ILogHealth? log = null)
    {
        Meter meter = meters.Create(RingMetrics.MeterName);
        meter.CreateObservableGauge(
            "erlchat.log.available",
            () => room.IsLogAvailable ? 1 : 0,
            description: "1 if the log accepts entries, otherwise 0.");
        meter.CreateObservableGauge("erlchat.log.position", () => office.Head, description: "The sequence of the newest delivered entry.");
        if (log is null)
            return;
        meter.CreateObservableGauge("erlchat.log.database.size", () => log.Read().DatabaseBytes, "By", "The database.");
        meter.CreateObservableGauge(
            "erlchat.log.wal.size",
            () => Known(log.Read().WalBytes),
            "By",
            "The size of the write-ahead log, which is regularly moved into the database.");
        meter.CreateObservableGauge(
            "erlchat.log.disk.free",
            () => Known(log.Read().FreeBytes),
            "By",
            "The free space in the log's file system.");
        meter.CreateObservableGauge(
            "erlchat.history.queued",
            () => log.Read().QueuedMessages,
            "{message}",
            "Messages not yet written to the history tables.");
        meter.CreateObservableGauge("erlchat.snapshot.age", () => Age(log), "s", "The age of the last entry in the newest snapshot; no "
            + "value if there is no snapshot.");
        meter.CreateObservableGauge(
            "erlchat.snapshot.behind",
            () => log.Read().EntriesSinceSnapshot,
            "{entry}",
            "Entries since the newest snapshot, which a start has to fold.");
    }

    private static IEnumerable<Measurement<long>> Known(long? figure) => figure is { } known ? [new Measurement<long>(known)] : [];

    private static IEnumerable<Measurement<double>> Age(ILogHealth log) =>
        log.Read().SnapshotAge is { } age ? [new Measurement<double>(age.TotalSeconds)] : [];
}
