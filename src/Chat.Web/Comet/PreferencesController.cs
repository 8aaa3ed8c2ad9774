using ErlChat.Delivery;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>
/// The calls about one's own preferences: whom one ignores, and what one is told of. <c>/chat/me/</c> lists them. Also the one that says
/// whether one is there.
/// </summary>
internal sealed class PreferencesController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    [HttpPost("/chat/ignore")]
    public Task<IActionResult> Ignore() =>
        CommandAsync(room, (session, form) => room.Preferences.IgnoreAsync(session, form["nick"] ?? "", form.Named("user_id")));

    [HttpPost("/chat/unignore")]
    public Task<IActionResult> StopIgnoring() => CommandAsync(
        room, (session, form) => room.Preferences.StopIgnoringAsync(session, form["nick"] ?? "", form.Named("user_id")));

    [HttpPost("/chat/away")]
    public Task<IActionResult> Away() => CommandAsync(
        room, (session, form) => OnOf(form) is { } isAway ? room.SetAwayAsync(session, isAway) : null);

    /// <summary><c>quiet</c> and, of <c>room</c>, <c>muted</c> and <c>joins</c>.</summary>
    [HttpPost("/chat/preferences")]
    public Task<IActionResult> Change() => CommandAsync(room, (session, form) =>
    {
        string? name = form.Named("room");
        ShownJoins? joins = PreferencesJson.JoinsOf(form["joins"]);
        return form.TryFlag("quiet", out bool? quiet) && form.TryFlag("muted", out bool? muted)
            && (form["joins"] is null || joins is not null)
            && (name is not null || (muted is null && joins is null))
            ? room.Preferences.ChangeAsync(session, new PreferencesChange(quiet, name, muted, joins))
            : null;
    });
}
