using System.Globalization;
using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>What the controllers of the comet protocol share: finding a request's session, and building answers.</summary>
[Limit(Charge.Session)]
internal abstract class CometController : ControllerBase
{
    private protected CometController(PostOffice office, ChatMetrics metrics) => (Office, Metrics) = (office, metrics);

    private protected PostOffice Office { get; }

    private protected ChatMetrics Metrics { get; }

    private protected SessionKey Session => SessionCookie.Read(Request);

    /// <summary>
    /// The mailbox of the request's session. If there is no live session, null, and <paramref name="refusal"/> is the answer.
    /// </summary>
    private protected Mailbox? FindBox(out CometReply refusal)
    {
        Mailbox? box = Office.Find(Session);
        CloseReason? ended = box?.ClosedFor;
        bool isLive = box is not null && ended is null;
        refusal = isLive ? CometReply.BadSession(reason: null) : BadSession(ended);
        return isLive ? box : null;
    }

    private protected CometReply Refuse(Refused refused)
    {
        Metrics.Refused(refused.Why);
        return refused.Why == Refusal.BadSession ? BadSession(Office.Find(Session)?.ClosedFor) : CometReply.Refused(refused);
    }

    /// <summary>Reads the form of a command, finds its session, and charges the command as a message.</summary>
    /// <returns>The session's mailbox, or null and the answer.</returns>
    private protected async Task<(Mailbox? Box, PostedForm Form, CometReply? Refusal)> BeginCommandAsync(ChatRoom room)
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginAsync();
        return box is not null && room.Admit(box) is { } limited ? (null, form, Refuse(limited)) : (box, form, refusal);
    }

    /// <summary>Runs a command that is answered with nothing but whether it was accepted.</summary>
    /// <param name="room">The chat.</param>
    /// <param name="act">Begins the command; null if a field is invalid.</param>
    private protected async Task<IActionResult> CommandAsync(ChatRoom room, Func<SessionKey, PostedForm, Task<Outcome>?> act)
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        if (act(box.Owner, form) is not { } acting)
            return CometReply.Error(CometErrors.BadRequest);
        return await acting is Refused refused ? Refuse(refused) : CometReply.Ok();
    }

    /// <summary>Answers with a page of a list, and whether there is more.</summary>
    /// <param name="write">Writes an item's members.</param>
    private protected static CometReply Listed<T>(IEnumerable<T> page, bool more, Action<Utf8JsonWriter, T> write) =>
        CometReply.Ok(json => json.WriteObjects(page, write), json => json.WriteMore(more));

    private CometReply BadSession(CloseReason? ended) =>
        HttpContext.RequestServices.GetRequiredService<ChatRoom>().RemovalOf(Session) is { } removal
            ? CometReply.BadSession(removal)
            : CometReply.BadSession(ended);

    /// <summary>Reads the form of a command that is charged where it is carried out, and finds its session.</summary>
    /// <returns>The session's mailbox, or null and the answer.</returns>
    private protected async Task<(Mailbox? Box, PostedForm Form, CometReply? Refusal)> BeginAsync()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        return form.Refusal is { } status ? (null, form, RefuseForm(status))
            : FindBox(out CometReply refusal) is { } box ? (box, form, null)
            : (null, form, refusal);
    }

    /// <summary>Does something to the message that a form names by <c>id</c>, once for each <c>key</c>.</summary>
    /// <param name="form">The form.</param>
    /// <param name="change">Does it, given the message's sequence and the key.</param>
    private protected async Task<IActionResult> ChangeAsync(PostedForm form, Func<long, string?, Task<Outcome?>> change)
    {
        string? key = form.Named("key");
        (long id, CometReply? refusal) = await ReadyAsync(form["id"]);
        return refusal
            ?? (key?.Length > SubmissionHandler.MaxKeyLength
                ? Refuse(new Refused(Refusal.BadKey))
                : AnswerChange(await change(id, key)));
    }

    /// <summary>
    /// The id of a message in a text, or the refusal. If another node has told the client of the message, this one first catches up with
    /// it; if it cannot, it must not say that there is no such message.
    /// </summary>
    private protected async ValueTask<(long Id, CometReply? Refusal)> ReadyAsync(string? text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) || id is 0 or long.MaxValue)
            return (0, CometReply.Error(CometErrors.BadRequest));
        ChatRoom room = HttpContext.RequestServices.GetRequiredService<ChatRoom>();
        return await room.CatchUpAsync(id) ? (id, null) : (0, Refuse(new Refused(Refusal.Unavailable)));
    }

    /// <summary>Whether something is to be done (the default) or taken back; null if the field is invalid.</summary>
    private protected static bool? OnOf(PostedForm form) => form["on"] switch
    {
        null or "" or "1" => true,
        "0" => false,
        _ => null,
    };

    /// <summary>The answer to a command that may have had nothing to do.</summary>
    private CometReply AnswerChange(Outcome? outcome) => outcome switch
    {
        null => CometReply.Ok(),
        Accepted accepted => CometReply.Ok(accepted.Sequence),
        Repeated repeated => AnswerChange(repeated.First),
        Refused refused => Refuse(refused),
        _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
    };

    /// <summary>Answers a form that could not be read.</summary>
    private protected static CometReply RefuseForm(int status) => CometReply.Error(CometErrors.BadRequest).WithStatus(status);
}
