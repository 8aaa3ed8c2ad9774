using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// What an administrator does from the operator's page: the same entries as <c>/admin unban</c>, <c>/admin mute NICK 0</c> and <c>/admin
/// announce</c> make.
/// </summary>
internal sealed class ActionsController(ChatRoom room, PostOffice office, ChatMetrics metrics) : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [HttpPost("/admin/unban")]
    public Task<IActionResult> Unban() => LiftAsync("host", _room.Administration.LiftBanAsync);

    [HttpPost("/admin/unmute")]
    public Task<IActionResult> Unmute() => LiftAsync("nick", _room.Administration.LiftMuteAsync);

    [HttpPost("/admin/announce")]
    public async Task<IActionResult> Announce()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        return form.Refusal is { } status ? RefuseForm(status) : Answer(await _room.Administration.SubmitAnnouncementAsync(Session, form["text"] ?? ""));
    }

    private async Task<IActionResult> LiftAsync(string field, Func<SessionKey, string, Task<Outcome>> lift)
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (Office.Find(Session) is { } box && _room.Admit(box) is { } limited)
            return Refuse(limited);
        return Answer(await lift(Session, form[field] ?? ""));
    }
}
