using System.Diagnostics.Metrics;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Telemetry;
using ErlChat.Web.Backpressure;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Watching;

/// <summary>
/// The use of limited resources and the current conditions, in the meter <c>ErlChat</c>. Values are only computed when they are read.
/// Thread-safe.
/// </summary>
internal sealed class StateMetrics
{
    public StateMetrics(
        IMeterFactory meters,
        PostOffice office,
        ChatRoom room,
        Admission admission,
        UnreadAnswers unread,
        Conditions conditions,
        Readiness readiness,
        IOptions<ChatOptions> chat,
        IOptions<AnswerOptions> answers,
        ILogHealth? log = null)
    {
        Meter meter = meters.Create(RingMetrics.MeterName);
        meter.CreateObservableGauge("erlchat.rooms", () => room.RoomCount, "{room}", "Rooms with at least one member, online or not.");
        meter.CreateObservableGauge("erlchat.connections", () => admission.Connections, "{connection}", "Open connections, of all doors.");
        meter.CreateObservableGauge("erlchat.connections.limit", () => Limit(admission), "{connection}", "The maximum number of open "
            + "connections; no value if there is no limit.");
        meter.CreateObservableGauge("erlchat.memory.held", Held, "By", "Estimated bytes in use, for each limit on memory.");
        meter.CreateObservableGauge("erlchat.memory.bound", Bounds, "By", "The maximum number of bytes, for each limit on memory.");
        meter.CreateObservableGauge(
            "erlchat.ready",
            () => readiness.Look().IsReady ? 1 : 0,
            description: "1 if the server accepts sessions and messages, otherwise 0, as /readyz reports.");
        meter.CreateObservableGauge(
            "erlchat.condition",
            () => conditions.Look().Select(
                one => new Measurement<int>(one.Holds ? 1 : 0, new KeyValuePair<string, object?>("condition", one.Name))),
            description: "1 while the condition holds, otherwise 0.");

        IEnumerable<Measurement<long>> Held()
        {
            yield return Of("mailboxes", office.HeldBytes);
            yield return Of("unread_answers", unread.HeldBytes);
            if (log is not null)
                yield return Of("history_queue", log.Read().QueuedBytes);
        }

        IEnumerable<Measurement<long>> Bounds()
        {
            yield return Of("mailboxes", chat.Value.MaxMailboxBytesTotal);
            yield return Of("unread_answers", answers.Value.MaxUnreadTotal);
            if (log is not null)
                yield return Of("history_queue", log.Read().MaxQueuedBytes);
        }
    }

    private static Measurement<long> Of(string bound, long bytes) => new(bytes, new KeyValuePair<string, object?>("bound", bound));

    private static IEnumerable<Measurement<int>> Limit(Admission admission) =>
        admission.ConnectionLimit > 0 ? [new Measurement<int>(admission.ConnectionLimit)] : [];
}
