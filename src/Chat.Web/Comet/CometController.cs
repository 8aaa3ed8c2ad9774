using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>What the comet door's controllers have in common: the session of a request, and answers.</summary>
[Limit(Charge.Session)]
internal abstract class CometController : ControllerBase
{
    private protected CometController(PostOffice office, ChatMetrics metrics) => (Office, Metrics) = (office, metrics);

    private protected PostOffice Office { get; }

    private protected ChatMetrics Metrics { get; }

    private protected SessionKey Session => SessionCookie.Read(Request);

    /// <summary>The mailbox of the request's live session; otherwise the answer that there is none.</summary>
    private protected Mailbox? FindBox(out CometReply refusal)
    {
        Mailbox? box = Office.Find(Session);
        CloseReason? ended = box?.ClosedFor;
        refusal = CometReply.BadSession(ended);
        return ended is null ? box : null;
    }

    private protected CometReply Refuse(Refused refused)
    {
        Metrics.Refused(refused.Why);
        return CometReply.Refused(refused, Office.Find(Session)?.ClosedFor);
    }

    /// <summary>A page of a list, and whether there is more.</summary>
    /// <param name="write">Writes an item's members.</param>
    private protected static CometReply Listed<T>(IEnumerable<T> page, bool more, Action<Utf8JsonWriter, T> write) =>
        CometReply.Ok(json => json.WriteObjects(page, write), json => json.WriteMore(more));

    /// <summary>The answer to a form that could not be read.</summary>
    private protected static CometReply RefuseForm(int status) => CometReply.Error(CometErrors.BadRequest).WithStatus(status);
}
