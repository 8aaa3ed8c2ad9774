using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>The administrators' password in a form of its own, so that no client has to put it where messages go.</summary>
internal sealed class AuthController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    [HttpPost("/chat/auth")]
    public async Task<IActionResult> Authenticate()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        if (room.Admit(box) is { } limited)
            return Refuse(limited);
        return await room.Administration.AuthenticateAsync(box.Owner, form["password"] ?? "") switch
        {
            Accepted accepted => CometReply.Ok(accepted.Sequence),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }
}
