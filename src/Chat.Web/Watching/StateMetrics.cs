using System.Diagnostics.Metrics;
using ErlChat.Delivery;
using ErlChat.Health;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Telemetry;
using ErlChat.Web.Answers;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Watching;

/// <summary>
/// What is held of what is bounded, and what is wrong at the moment: part of the meter <c>ErlChat</c>. Nothing is asked until somebody
/// reads it. Thread-safe.
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
        meter.CreateObservableGauge("erlchat.rooms", () => room.RoomCount, "{room}", "Rooms that somebody is in.");
        meter.CreateObservableGauge("erlchat.connections", () => admission.Connections, "{connection}", "Open connections, of all doors.");
        meter.CreateObservableGauge("erlchat.connections.limit", () => Limit(admission), "{connection}", "The most that may be open; nothing when there is no limit.");
        meter.CreateObservableGauge("erlchat.memory.held", Held, "By", "Estimated bytes of what is bounded, by bound.");
        meter.CreateObservableGauge("erlchat.memory.bound", Bounds, "By", "The most that may be held, by bound.");
        meter.CreateObservableGauge(
            "erlchat.ready",
            () => readiness.Look().IsReady ? 1 : 0,
            description: "1 when sessions and messages are taken, otherwise 0; as /readyz says.");
        meter.CreateObservableGauge(
            "erlchat.condition",
            () => conditions.Look().Select(one => new Measurement<int>(one.Holds ? 1 : 0, new KeyValuePair<string, object?>("condition", one.Name))),
            description: "1 while something is wrong, by condition, otherwise 0.");

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

    private static IEnumerable<Measurement<int>> Limit(Admission admission) => admission.ConnectionLimit > 0 ? [new Measurement<int>(admission.ConnectionLimit)] : [];
}
