using System.Diagnostics.Metrics;
using ErlChat.Delivery;
using ErlChat.Log;
using ErlChat.Rooms;
using ErlChat.Telemetry;

namespace ErlChat.Web.Watching;

/// <summary>The log's part of the meter <c>ErlChat</c>; of a log in memory there is only whether it takes entries. Thread-safe.</summary>
internal sealed class LogMetrics
{
    public LogMetrics(IMeterFactory meters, ChatRoom room, PostOffice office, ILogHealth? log = null)
    {
        Meter meter = meters.Create(RingMetrics.MeterName);
        meter.CreateObservableGauge("erlchat.log.available", () => room.IsLogAvailable ? 1 : 0, description: "1 when the log takes entries, otherwise 0.");
        meter.CreateObservableGauge("erlchat.log.position", () => office.Head, description: "The sequence of the newest entry that was delivered.");
        if (log is null)
            return;
        meter.CreateObservableGauge("erlchat.log.database.size", () => log.Read().DatabaseBytes, "By", "The database file.");
        meter.CreateObservableGauge("erlchat.log.wal.size", () => log.Read().WalBytes, "By", "The write-ahead log, which is brought into the database now and then.");
        meter.CreateObservableGauge("erlchat.log.disk.free", () => Free(log), "By", "What the log's file system can still take.");
        meter.CreateObservableGauge("erlchat.history.queued", () => log.Read().QueuedMessages, "{message}", "Messages that the history's tables do not have yet.");
        meter.CreateObservableGauge("erlchat.snapshot.age", () => Age(log), "s", "How old the newest snapshot's last entry is; nothing when there is no snapshot.");
        meter.CreateObservableGauge("erlchat.snapshot.behind", () => log.Read().EntriesSinceSnapshot, "{entry}", "Entries since the newest snapshot, which a start has to fold.");
    }

    private static IEnumerable<Measurement<long>> Free(ILogHealth log) => log.Read().FreeBytes is { } bytes ? [new Measurement<long>(bytes)] : [];

    private static IEnumerable<Measurement<double>> Age(ILogHealth log) => log.Read().SnapshotAge is { } age ? [new Measurement<double>(age.TotalSeconds)] : [];
}
