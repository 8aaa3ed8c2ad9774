using ErlChat.Delivery;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// Makes links with which members set a new password. There is no slash command for it: the answers to commands are in the log, and whoever
/// reads a link there could take over the member.
/// </summary>
internal sealed class ResetLinkController(ChatRoom room, MemberAccounts members, PostOffice office, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [HttpPost("/admin/reset")]
    public async Task<IActionResult> Create()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (Office.Find(Session) is { } box && _room.Admit(box) is { } limited)
            return Refuse(limited);
        (NewLink? link, Refused? refused) = await members.CreateResetLinkAsync(form["nick"] ?? "");
        return link is null ? Refuse(refused!) : Link($"{Request.PathBase}/reset/?token={link.Token}", link.Expires);
    }
}
