using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
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
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginAsync();
        if (box is null)
            return refusal!;
        return OnOf(form) is { } on
            ? await ChangeAsync(form, (id, key) =>
                room.Reactions.ReactAsync(box, id, form["emoji"] ?? "", on, key, HttpContext.RequestAborted))
            : CometReply.Error(CometErrors.BadRequest);
    }
}
