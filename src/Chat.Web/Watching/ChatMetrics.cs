using System.Diagnostics.Metrics;
using ErlChat.Delivery;
using ErlChat.Eviction;
using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Telemetry;
using ErlChat.Web.Backpressure;

namespace ErlChat.Web.Watching;

/// <summary>The chat's main metrics, in the meter <c>ErlChat</c>. Thread-safe.</summary>
internal sealed class ChatMetrics
{
    /// <summary>The name of the meter.</summary>
    internal const string MeterName = RingMetrics.MeterName;

    private readonly Histogram<double> _waits;
    private readonly Counter<long> _refusals;
    private readonly RefusalCounts _counts;

    public ChatMetrics(
        IMeterFactory meters,
        PostOffice office,
        ChatRoom room,
        IdleEviction eviction,
        Admission admission,
        UnreadAnswers unread,
        RefusalCounts counts)
    {
        _counts = counts;
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableGauge("erlchat.sessions", () => room.SessionCount, "{session}", "Sessions of users who are online.");
        meter.CreateObservableGauge(
            "erlchat.sessions.offline", () => room.OfflineCount, "{session}", "Sessions that are kept for users who are offline.");
        meter.CreateObservableGauge("erlchat.polls.parked", () => office.Parked, "{poll}", "Polls parked at this moment.");
        meter.CreateObservableCounter("erlchat.mail.sent", () => office.Sent, "{mail}", "Mail put into mailboxes.");
        meter.CreateObservableGauge("erlchat.mailboxes.held", () => office.HeldBytes, "By", "Estimated bytes of mail in all mailboxes; "
            + "mail held by several counts once.");
        meter.CreateObservableCounter("erlchat.mailboxes.dropped", () => office.Dropped, "{mailbox}", "Mailboxes emptied because all of "
            + "them together held too much.");
        meter.CreateObservableCounter("erlchat.answers.refused", () => unread.Refused, "{answer}", "Answers refused because clients had "
            + "too many unread ones.");
        meter.CreateObservableCounter(
            "erlchat.evictions",
            () => eviction.Evicted,
            "{session}",
            "Sessions that ended, or whose users went offline, because they were idle.");
        meter.CreateObservableCounter("erlchat.sessions.taken", () => eviction.Taken, "{session}", "Sessions that this node has taken over "
            + "from other nodes, because it serves them.");
        _waits = meter.CreateHistogram(
            "erlchat.wait.duration",
            "s",
            "How long polls took, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90] });
        _refusals = meter.CreateCounter<long>("erlchat.refusals", "{command}", "Refusals, by reason; for rate limits also by limit and "
            + "scope.");
        admission.Refusing += Refused;
    }

    /// <summary>Whether a listener records wait durations. Otherwise the clock need not be read.</summary>
    internal bool WatchesWaits => _waits.Enabled;

    internal void Waited(MailStatus outcome, TimeSpan duration) =>
        _waits.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    /// <summary>Counts a refusal. Refusals by a rate limit are skipped here, because the limit itself reports them.</summary>
    internal void Refused(Refusal why)
    {
        if (why == Refusal.RateLimited)
            return;
        _counts.Add(why);
        _refusals.Add(1, new KeyValuePair<string, object?>("reason", why.ToString()));
    }

    /// <summary>Counts a refusal by a rate limit.</summary>
    internal void Refused(Limit limit)
    {
        _counts.Add(Refusal.RateLimited, limit);
        _refusals.Add(
            1,
            new KeyValuePair<string, object?>("reason", nameof(Refusal.RateLimited)),
            new KeyValuePair<string, object?>("limit", limit.Kind.ToString()),
            new KeyValuePair<string, object?>("scope", limit.Scope.ToString()));
    }
}
