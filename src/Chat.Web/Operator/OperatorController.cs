using System.Globalization;
using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace ErlChat.Web.Operator;

/// <summary>
/// The base of the operator page's controllers. Every action requires an administrator's session, which is looked up again for each
/// request. The paths are below <c>/admin</c> rather than <c>/chat</c>, so that a proxy can block all of them with one rule. Other sites
/// that may use the chat (<c>Chat:AllowedOrigins</c>) can neither read nor call them.
/// </summary>
internal abstract class OperatorController : CometController, IActionFilter
{
    /// <summary>How many items a page of a list has by default.</summary>
    private const int DefaultLimit = 100;

    private const int MaxLimit = 1000;

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

    /// <summary>Reads the number of items that a page of a list may have.</summary>
    private protected static bool TryLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    /// <summary>Answers with a link that contains a secret.</summary>
    private protected CometReply Link(string path, DateTimeOffset until)
    {
        Response.Headers.CacheControl = "no-store";
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteString("until"u8, until.UtcDateTime);
            json.WriteEndObject();
        });
    }

    /// <summary>Answers a command.</summary>
    private protected CometReply Answer(Outcome outcome) => outcome switch
    {
        Accepted accepted => CometReply.Ok(accepted.Sequence),
        Refused { Why: Refusal.NotAdmin or Refusal.BadSession } refused => Refuse(refused).WithStatus(StatusCodes.Status403Forbidden),

        // Another administrator has lifted the ban, or it has just expired.
        Refused { Why: Refusal.NotBanned } refused => Refuse(refused, "This ban has ended already."),
        Refused { Why: Refusal.NotYourself } refused => Refuse(refused, "To give up your own rights, type /admin logout in the chat."),
        Refused refused => Refuse(refused),
        _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
    };

    /// <summary>Refuses with a reason. The error code alone would suggest that the caller lacks permission.</summary>
    private CometReply Refuse(Refused refused, string reason)
    {
        Metrics.Refused(refused.Why);
        return CometReply.Error(CometErrors.NotAllowed, json => json.WriteString("reason"u8, reason));
    }
}
