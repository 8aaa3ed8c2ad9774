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

/// <summary>The calls about one's own preferences: whom one ignores, and what one is told of. <c>/chat/me/</c> lists them.</summary>
internal sealed class PreferencesController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    [HttpPost("/chat/ignore")]
    public Task<IActionResult> Ignore() =>
        ChangeAsync((session, form) => room.Preferences.IgnoreAsync(session, form["nick"] ?? "", IdOf(form)));

    [HttpPost("/chat/unignore")]
    public Task<IActionResult> StopIgnoring() =>
        ChangeAsync((session, form) => room.Preferences.StopIgnoringAsync(session, form["nick"] ?? "", IdOf(form)));

    /// <summary><c>quiet</c> and, of <c>room</c>, <c>muted</c> and <c>joins</c>.</summary>
    [HttpPost("/chat/preferences")]
    public Task<IActionResult> Change() => ChangeAsync((session, form) =>
    {
        string? name = form["room"] is { Length: > 0 } given ? given : null;
        ShownJoins? joins = PreferencesJson.JoinsOf(form["joins"]);
        return form.TryFlag("quiet", out bool? quiet) && form.TryFlag("muted", out bool? muted)
            && (form["joins"] is null || joins is not null)
            && (name is not null || (muted is null && joins is null))
            ? room.Preferences.ChangeAsync(session, new PreferencesChange(quiet, name, muted, joins))
            : null;
    });

    private static string? IdOf(PostedForm form) => form["user_id"] is { Length: > 0 } id ? id : null;

    private async Task<IActionResult> ChangeAsync(Func<SessionKey, PostedForm, Task<Outcome>?> change)
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        if (change(box.Owner, form) is not { } changing)
            return CometReply.Error(CometErrors.BadRequest);
        return await changing is Refused refused ? Refuse(refused) : CometReply.Ok();
    }
}
