using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Hosting;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// What a poll is, whichever way it came in: as an HTTP request (<see cref="WaitEndpoint"/>) or over the fast lane. Both ask here and only write the answer
/// in their own way, so that they cannot answer differently. Thread-safe.
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

    /// <summary>The log that ids are of at the moment.</summary>
    internal string Epoch => room.Epoch;

    /// <summary>Whether answers are the last ones on their connections.</summary>
    internal bool IsStopping => office.IsStopping;

    /// <summary>The mailbox to wait at, likely the one of the last poll; otherwise the answer that there is nothing to wait for.</summary>
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

    /// <summary>Waits as long as one poll may.</summary>
    /// <remarks>The caller takes note of it with <see cref="Started"/> and <see cref="Ended"/>: what did so here would cost every parked poll some memory.</remarks>
    internal ValueTask<MailRead> WaitAsync(Mailbox box, in WaitQuery query, CancellationToken gone) => box.ReadAsync(query.MessageId, !query.AllJoins, Patience(), gone);

    /// <summary>The same for a caller that keeps the time itself; how long, <see cref="Patience"/> says.</summary>
    internal static ValueTask<MailRead> WaitAsync(Mailbox box, in WaitQuery query, Waiter waiter) => box.ReadAsync(query.MessageId, !query.AllJoins, waiter);

    /// <summary>As much of the mail that was read as one answer may have, and its length; the rest is for the next poll.</summary>
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

    /// <summary>The answer to a read that brought no mail; null when nobody is there to be answered.</summary>
    internal static CometReply? ReplyTo(in MailRead read) => read.Status switch
    {
        MailStatus.Timeout => CometReply.Reconnect,
        MailStatus.Resync => CometReply.Error(CometErrors.Resync),
        MailStatus.Superseded => CometReply.Error(CometErrors.Superseded),
        MailStatus.Closed => CometReply.BadSession(read.Reason),

        // When to come back is another time for each poll, so that ten thousand do not come at once.
        MailStatus.Stopping => CometReply.StoppingWait(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble() * 4)),
        MailStatus.Aborted => null,
        _ => throw new System.Diagnostics.UnreachableException(read.Status.ToString()),
    };

    /// <summary>Each poll's own time, so that polls that were parked together do not come back together for ever.</summary>
    internal TimeSpan Patience() => _timeout + _jitter * (Random.Shared.NextDouble() * 2 - 1);

    /// <summary>The time at which a wait begins, taken before it does; -1 when nobody wants to know, and the clock is not asked.</summary>
    internal long Started() => metrics.WatchesWaits ? time.GetTimestamp() : -1;

    /// <summary>Counts a wait that began at <paramref name="started"/>.</summary>
    internal void Ended(MailStatus outcome, long started)
    {
        if (started >= 0)
            metrics.Waited(outcome, time.GetElapsedTime(started));
    }
}
