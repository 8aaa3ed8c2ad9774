using ErlChat.Delivery;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>Makes links with which people become members. No slash command, for the reason in <see cref="ResetLinkController"/>.</summary>
internal sealed class InvitationController(ChatRoom room, MemberAccounts members, PostOffice office, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [HttpPost("/admin/invitation")]
    public async Task<IActionResult> Create()
    {
        if (Office.Find(Session) is { } box && _room.Admit(box) is { } limited)
            return Refuse(limited);
        (NewLink? link, Refused? refused) = await members.InviteAsync();
        return link is null ? Refuse(refused!) : Link($"{Request.PathBase}/invitation/?token={link.Token}", link.Expires);
    }
}
