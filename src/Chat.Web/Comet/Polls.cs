using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// Handles polls, whether they arrive as HTTP requests (<see cref="WaitEndpoint"/>) or over the fast lane. Both call this class and only
/// write the answer in their own way, so their answers cannot differ. Thread-safe.
/// </summary>
internal sealed class Polls(
    PostOffice office,
    ChatRoom room,
    CometFormat format,
    IOptions<ChatOptions> options,
    IOptions<AnswerOptions> bounds,
    TimeProvider time,
    ChatMetrics metrics)
{
    private readonly TimeSpan _timeout = options.Value.PollTimeout;
    private readonly TimeSpan _jitter = options.Value.PollJitter;
    private readonly int _maxBytes = bounds.Value.MaxAnswerBytes;

    /// <summary>Identifies the log that message ids currently refer to.</summary>
    internal string Epoch => room.Epoch;

    /// <summary>Whether the server is stopping, so that connections close after their answers.</summary>
    internal bool IsStopping => office.IsStopping;

    /// <summary>
    /// The mailbox to wait at; null if there is none, and <paramref name="refusal"/> is then the answer. <paramref name="last"/> is the
    /// mailbox of the connection's previous poll, which is probably the same one.
    /// </summary>
    internal Mailbox? Find(SessionKey session, in WaitQuery query, Mailbox? last, out CometReply? refusal)
    {
        refusal = null;
        if (office.Find(session, last) is not { } box)
            refusal = CometReply.BadSession(null);
        else if (query.IsOfOtherEpoch)
            refusal = CometReply.Error(CometErrors.Resync);
        else
            return box;
        return null;
    }

    /// <summary>Waits for mail, at most as long as a poll may.</summary>
    /// <remarks>
    /// The caller measures the wait with <see cref="Started"/> and <see cref="Ended"/>. Measuring it here would cost memory per parked
    /// poll.
    /// </remarks>
    internal ValueTask<MailRead> WaitAsync(Mailbox box, in WaitQuery query, CancellationToken gone) =>
        box.ReadAsync(query.MessageId, !query.AllJoins, Patience(), gone);

    /// <summary>Waits for mail, for callers that have their own timer. <see cref="Patience"/> says how long they should wait.</summary>
    internal static ValueTask<MailRead> WaitAsync(Mailbox box, in WaitQuery query, Waiter waiter) =>
        box.ReadAsync(query.MessageId, !query.AllJoins, waiter);

    /// <summary>
    /// As much of the mail as fits into one answer, and that answer's length. The rest is returned to the mailbox for the next poll.
    /// </summary>
    internal Mail[] Fit(Mailbox box, in WaitQuery query, Mail[] mail, out int length)
    {
        int count = MailAnswer.Fit(mail, format, _maxBytes, out length);
        if (count == mail.Length)
            return mail;
        box.GiveBack(query.MessageId, !query.AllJoins, mail[^1].Sequence, mail[count - 1].Sequence);
        return mail[..count];
    }

    /// <summary>The address that a session logged in from; null when there is no such session.</summary>
    internal string? HostOf(SessionKey session) => room.Find(session)?.Host;

    /// <summary>The answer to a read without mail; null if the client has gone.</summary>
    internal static CometReply? ReplyTo(in MailRead read) => read.Status switch
    {
        MailStatus.Timeout => CometReply.Reconnect,
        MailStatus.Resync => CometReply.Error(CometErrors.Resync),
        MailStatus.Superseded => CometReply.Error(CometErrors.Superseded),
        MailStatus.Closed => CometReply.BadSession(read.Reason),

        // Each poll gets a different time to return, so that ten thousand clients do not return at once.
        MailStatus.Stopping => CometReply.StoppingWait(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble() * 4)),
        MailStatus.Aborted => null,
        _ => throw new System.Diagnostics.UnreachableException(read.Status.ToString()),
    };

    /// <summary>
    /// How long a poll may wait. Each poll gets a slightly different time, so that polls that were parked together do not stay together.
    /// </summary>
    internal TimeSpan Patience() => _timeout + _jitter * (Random.Shared.NextDouble() * 2 - 1);

    /// <summary>A timestamp to take before a wait; -1, without reading the clock, if waits are not being measured.</summary>
    internal long Started() => metrics.WatchesWaits ? time.GetTimestamp() : -1;

    /// <summary>Records a wait that began at <paramref name="started"/>, the result of <see cref="Started"/>.</summary>
    internal void Ended(MailStatus outcome, long started)
    {
        if (started >= 0)
            metrics.Waited(outcome, time.GetElapsedTime(started));
    }
}
