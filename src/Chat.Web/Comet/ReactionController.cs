using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Submissions;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Reactions to messages in the comet protocol.</summary>
internal sealed class ReactionController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    // Without parameters, for which the framework would read the form.
    [HttpPost("/chat/react")]
    public async Task<IActionResult> React()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        bool? on = form["on"] switch
        {
            null or "" or "1" => true,
            "0" => false,
            _ => null,
        };
        return on is null || await ReadyAsync(form) is not { } id
            ? CometReply.Error(CometErrors.BadRequest)
            : form.Named("key")?.Length > SubmissionHandler.MaxKeyLength ? Refuse(new Refused(Refusal.BadKey))
            : AnswerChange(await room.Reactions.ReactAsync(
                box, id, form["emoji"] ?? "", on.Value, form.Named("key"), HttpContext.RequestAborted));
    }
}
