using System.Diagnostics.Metrics;
using ErlChat.Web.Watching;

namespace ErlChat.Web.Emails;

/// <summary>The metrics of e-mails, in the meter <c>ErlChat</c>. Thread-safe.</summary>
internal sealed class EmailMetrics
{
    private readonly Counter<long> _emails;

    public EmailMetrics(IMeterFactory meters, EmailQueue queue)
    {
        Meter meter = meters.Create(ChatMetrics.MeterName);
        _emails = meter.CreateCounter<long>("erlchat.emails", "{email}", "E-mails by what became of them: sent or failed.");
        meter.CreateObservableGauge("erlchat.emails.queued", () => queue.Count, "{email}", "E-mails that wait to be sent.");
    }

    internal void Count(bool isSent) =>
        _emails.Add(1, new KeyValuePair<string, object?>("outcome", isSent ? "sent" : "failed"));
}
