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
    FullCometFormat format,
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
        Mailbox? box = office.Find(session, last);
        CloseReason? ended = box?.ClosedFor;

        // The connection may still have the mailbox from before its user came back.
        if (ended == CloseReason.Timeout && (box = office.Find(session)) is { ClosedFor: CloseReason.Timeout })
            refusal = CometReply.BadSession(CloseReason.Timeout);
        else if ((box is null || ended is CloseReason.Kicked or CloseReason.Banned) && room.RemovalOf(session) is { } removal)
            refusal = CometReply.BadSession(removal);
        else if (box is null)
            refusal = CometReply.BadSession(room.IsOffline(session) ? CloseReason.Timeout : null);
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
        office.IsBehind(query.MessageId)
            ? WaitBehindAsync(box, query, gone)
            : box.ReadAsync(query.MessageId, !query.AllJoins, Patience(), query.Typing, gone);

    /// <summary>Waits for mail, for callers that have their own timer. <see cref="Patience"/> says how long they should wait.</summary>
    internal ValueTask<MailRead> WaitAsync(Mailbox box, in WaitQuery query, Waiter waiter) =>
        office.IsBehind(query.MessageId)
            ? WaitBehindAsync(box, query, waiter)
            : box.ReadAsync(query.MessageId, !query.AllJoins, waiter);

    /// <inheritdoc cref="ChatRoom.MayArrive"/>
    /// <remarks>The ordinary pipeline sees to that (<see cref="SessionArrivalCheck"/>).</remarks>
    internal bool MayArrive(SessionKey session) => room.MayArrive(session);

    /// <summary>Whether a cookie says what a session's readers were shown on another node beyond what this node has delivered.</summary>
    internal bool IsBehind(ReadOnlySpan<byte> cookies, Mailbox box) =>
        office.HasSeveralNodes && office.IsBehind(ListCookie.Newest(cookies, box.Owner) + 1);

    /// <summary>
    /// Waits until this node has delivered what the session's readers were shown on other nodes, then passes it to the mailbox.
    /// </summary>
    internal async ValueTask RecallAsync(HttpRequest request, Mailbox box)
    {
        if (office.HasSeveralNodes)
            await office.CatchUpAsync(ListCookie.Newest(request, box.Owner) + 1);
        ListCookie.Recall(request, box);
    }

    /// <summary>
    /// As much of the mail as fits into one answer, and that answer's length. The rest is returned to the mailbox for the next poll.
    /// </summary>
    internal Mail[] Fit(Mailbox box, in WaitQuery query, Mail[] mail, out int length)
    {
        int count = MailAnswer.Fit(mail, format.For(query.AllJoins), _maxBytes, out length);
        if (count == mail.Length)
            return mail;
        box.GiveBack(query.MessageId, !query.AllJoins, mail[^1].Sequence, mail[count - 1].Sequence);
        return mail[..count];
    }

    /// <summary>The address that a session logged in from; null when there is no such session.</summary>
    internal string? HostOf(SessionKey session) => room.Find(session)?.Host;

    /// <summary>An answer without items, so the client's position stays where it is.</summary>
    private static CometReply TypingAnswer(TypingSignal signal) => CometReply.Ok(
        static json =>
        {
            json.WriteStartArray();
            json.WriteEndArray();
        },
        json =>
        {
            json.WriteStartObject("typing"u8);
            json.WriteNumber("number"u8, signal.Number);
            json.WriteString("nick"u8, signal.Who.Nick);
            json.WriteString("user_id"u8, signal.Who.UserId);
            if (signal.Room is not null)
                json.WriteString("room"u8, signal.Room);
            json.WriteBoolean("on"u8, signal.IsOn);
            json.WriteEndObject();
        });

    private async ValueTask<MailRead> WaitBehindAsync(Mailbox box, WaitQuery query, CancellationToken gone) =>
        await CatchUpAsync(query) is { } ended
            ? ended
            : await box.ReadAsync(query.MessageId, !query.AllJoins, Patience(), query.Typing, gone);

    private async ValueTask<MailRead> WaitBehindAsync(Mailbox box, WaitQuery query, Waiter waiter) =>
        await CatchUpAsync(query) is { } ended ? ended : await box.ReadAsync(query.MessageId, !query.AllJoins, waiter);

    /// <summary>
    /// Waits for the mail before a poll's cursor, if another node has already delivered it. The read decides what to answer if that took
    /// too long. Returns the result of the poll if the server stops meanwhile, because the client can go on elsewhere.
    /// </summary>
    private async ValueTask<MailRead?> CatchUpAsync(WaitQuery query) =>
        !await office.CatchUpAsync(query.MessageId) && office.IsStopping ? new MailRead(MailStatus.Stopping, []) : null;

    /// <summary>The answer to a read without mail; null if the client has gone.</summary>
    internal static CometReply? ReplyTo(in MailRead read, in WaitQuery query) => read.Status switch
    {
        MailStatus.Timeout => CometReply.Reconnect,
        MailStatus.Typing => TypingAnswer(read.Signal!),
        MailStatus.Resync => CometReply.Error(CometErrors.Resync),
        MailStatus.Superseded => CometReply.Error(CometErrors.Superseded),

        // The user went offline at this moment. The client's next call brings the user back.
        MailStatus.Closed when read.Reason == CloseReason.Timeout && query.HasEpoch => CometReply.Error(CometErrors.Resync),
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
