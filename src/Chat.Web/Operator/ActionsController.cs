using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// The actions on the operator's page. They write the same log entries as <c>/admin unban</c>, <c>/admin mute NICK 0</c>, <c>/admin
/// grant</c>, <c>/admin revoke</c> and <c>/admin announce</c>.
/// </summary>
internal sealed class ActionsController(ChatRoom room, PostOffice office, ChatMetrics metrics) : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [HttpPost("/admin/unban")]
    public Task<IActionResult> Unban() => OrderAsync("host", _room.Administration.LiftBanAsync);

    [HttpPost("/admin/unmute")]
    public Task<IActionResult> Unmute() => OrderAsync("nick", _room.Administration.LiftMuteAsync);

    [HttpPost("/admin/grant")]
    public Task<IActionResult> Grant() => OrderAsync("nick", _room.Administration.AppointAsync);

    [HttpPost("/admin/revoke")]
    public Task<IActionResult> Revoke() => OrderAsync("nick", _room.Administration.DismissAsync);

    [HttpPost("/admin/announce")]
    public async Task<IActionResult> Announce()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        return form.Refusal is { } status
            ? RefuseForm(status)
            : Answer(await _room.Administration.SubmitAnnouncementAsync(Session, form["text"] ?? ""));
    }

    private async Task<IActionResult> OrderAsync(string field, Func<SessionKey, string, Task<Outcome>> order)
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (Office.Find(Session) is { } box && _room.Admit(box) is { } limited)
            return Refuse(limited);
        return Answer(await order(Session, form[field] ?? ""));
    }
}
