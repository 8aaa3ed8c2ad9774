using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace ErlChat.Web.Operator;

/// <summary>
/// What the operator's page asks. Whatever an action is, it is reached by an administrator's session only, which is looked up again for
/// each request. Below <c>/admin</c> rather than <c>/chat</c>: a
/// proxy can close all of it with one rule, and pages elsewhere that may use the chat (<c>Chat:AllowedOrigins</c>) can neither read it nor
/// give orders.
/// </summary>
internal abstract class OperatorController : CometController, IActionFilter
{
    private readonly ChatRoom _room;

    private protected OperatorController(ChatRoom room, PostOffice office, ChatMetrics metrics)
        : base(office, metrics) => _room = room;

    [NonAction]
    public void OnActionExecuting(ActionExecutingContext context)
    {
        if (FindBox(out CometReply refusal) is not { } box)
        {
            context.Result = refusal.WithStatus(StatusCodes.Status403Forbidden);
            return;
        }

        box.Touch();
        if (_room.Find(box.Owner) is not { IsAdmin: true })
            context.Result = CometReply.Error(CometErrors.NotAllowed).WithStatus(StatusCodes.Status403Forbidden);
    }

    [NonAction]
    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    /// <summary>The answer to a command.</summary>
    private protected CometReply Answer(Outcome outcome) => outcome switch
    {
        Accepted accepted => CometReply.Ok(accepted.Sequence),
        Refused { Why: Refusal.NotAdmin or Refusal.BadSession } refused => Refuse(refused).WithStatus(StatusCodes.Status403Forbidden),
        Refused { Why: Refusal.NotBanned } refused => RefuseNotBanned(refused),
        Refused refused => Refuse(refused),
        _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
    };

    /// <summary>Somebody else was quicker, or it has just ended: the word alone would say that the caller has no right to it.</summary>
    private CometReply RefuseNotBanned(Refused refused)
    {
        Metrics.Refused(refused.Why);
        return CometReply.Error(CometErrors.NotAllowed, static json => json.WriteString("reason"u8, "This address is not banned."));
    }
}
