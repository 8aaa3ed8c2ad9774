using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>What people can do about their data: get all of it, and have it erased (docs/privacy.md).</summary>
internal sealed class PrivacyController(
    ChatRoom room, MemberAccounts members, PersonExport export, PostOffice office, ChatMetrics metrics)
    : CometController(office, metrics)
{
    [LongAnswer]
    [HttpGet("/chat/export")]
    public async Task<IActionResult> Export()
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (room.Find(box.Owner) is not { } own)
            return Refuse(new Refused(Refusal.BadSession));
        return await export.SendAsync(HttpContext, own.Who.UserId, isOwn: true) is { } refused
            ? Refuse(refused).WithStatus(PersonExport.StatusOf(refused))
            : new EmptyResult();
    }

    /// <summary>A member gives its <c>password</c>. A person without one says <c>confirm=yes</c>.</summary>
    [HttpPost("/chat/erase")]
    public async Task<IActionResult> Erase()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        if (string.IsNullOrEmpty(form["password"]) && form["confirm"] != "yes")
            return CometReply.Error(CometErrors.BadRequest);
        SessionKey session = box.Owner;
        if (await members.EraseAsync(session, form["password"] ?? "") is Refused refused)
            return Refuse(refused);
        SessionCookie.Delete(Response, Request);
        ListCookie.Delete(Request, Response);
        return CometReply.Ok();
    }
}
