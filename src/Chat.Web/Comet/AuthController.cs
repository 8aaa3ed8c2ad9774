using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Takes the administrators' password in a separate form, so that clients need not send it as a message.</summary>
internal sealed class AuthController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    [HttpPost("/chat/auth")]
    public async Task<IActionResult> Authenticate()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        return await room.Administration.AuthenticateAsync(box.Owner, form["password"] ?? "") switch
        {
            Accepted accepted => CometReply.Ok(accepted.Sequence),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }
}
