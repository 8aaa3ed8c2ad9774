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

/// <summary>
/// What owners and moderators of rooms do in the comet protocol. The slash commands do the same. A room that the caller may not know of is
/// answered like one that does not exist.
/// </summary>
internal sealed class RoomModerationController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    [HttpGet("/chat/room")]
    public IActionResult Details([FromQuery(Name = "room")] string? name)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (room.DetailsOf(box.Owner, name ?? "") is not { } details)
            return Refuse(new Refused(Refusal.NoSuchRoom));
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteRoom(details.Room);
            json.WriteString("owner"u8, details.Owner);
            json.WriteStrings("moderators"u8, details.Moderators);
            json.WriteStrings("invited"u8, details.Invited);
            json.WriteObjects("links"u8, details.Links, static (item, link) =>
            {
                item.WriteString("id"u8, link.Id);
                item.WriteString("by"u8, link.By);
                item.WriteString("until"u8, link.Until.UtcDateTime);
            });
            json.WriteString("role"u8, JsonLists.WordOf(details.Role));
            json.WriteEndObject();
        });
    }

    [HttpPost("/chat/room/change")]
    public Task<IActionResult> Change() => ActAsync((session, name, form) =>
        form.TryFlag("private", out bool? isPrivate)
            && form.TryFlag("locked", out bool? isLocked)
            && form.TryFlag("archived", out bool? isArchived)
            && (form["slow"] is null || RoomChange.PauseOf(form["slow"]) is not null)
            ? room.Moderation.ChangeAsync(
                session, name, new RoomChange(isPrivate, isLocked, isArchived, RoomChange.PauseOf(form["slow"])))
            : null);

    [HttpPost("/chat/room/rename")]
    public Task<IActionResult> Rename() =>
        ActAsync((session, name, form) => form["title"] is { } title ? room.Moderation.RenameAsync(session, name, title) : null);

    /// <summary>Makes a link. The secret is in this answer only.</summary>
    [HttpPost("/chat/room/link")]
    public async Task<IActionResult> MakeLink()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        (NewRoomLink? link, Refused? refused) = await room.Links.MakeAsync(box.Owner, form["room"] ?? "");
        if (link is null)
            return Refuse(refused!);
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, link.Id);
            json.WriteString("by"u8, room.Find(box.Owner)?.Who.Nick);
            json.WriteString("until"u8, link.Until.UtcDateTime);
            json.WriteString("link"u8, link.Secret);
            json.WriteEndObject();
        });
    }

    [HttpPost("/chat/room/unlink")]
    public Task<IActionResult> RevokeLink() => ActAsync((session, name, form) =>
        room.Links.RevokeAsync(session, name, form["id"] ?? ""));

    [HttpPost("/chat/room/invite")]
    public Task<IActionResult> Invite() =>
        ActAsync((session, name, form) => room.Moderation.InviteAsync(session, name, form["nick"] ?? ""));

    [HttpPost("/chat/room/uninvite")]
    public Task<IActionResult> Uninvite() =>
        ActAsync((session, name, form) => room.Moderation.WithdrawAsync(session, name, form["nick"] ?? ""));

    [HttpPost("/chat/room/role")]
    public Task<IActionResult> Role() => ActAsync((session, name, form) => RoleOf(form["role"]) is { } role
        ? room.Moderation.SetRoleAsync(session, name, form["nick"] ?? "", role)
        : null);

    [HttpPost("/chat/room/kick")]
    public Task<IActionResult> Kick() => ActAsync((session, name, form) =>
        room.Moderation.KickAsync(session, name, form["nick"] ?? "", form["reason"] ?? ""));

    /// <summary>Reads the form and carries a command out.</summary>
    /// <param name="act">Begins the command; null if a field is invalid.</param>
    private async Task<IActionResult> ActAsync(Func<SessionKey, string, PostedForm, Task<Outcome>?> act)
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        if (box is null)
            return refusal!;
        if (act(box.Owner, form["room"] ?? "", form) is not { } acting)
            return CometReply.Error(CometErrors.BadRequest);
        return await acting switch
        {
            Accepted accepted => CometReply.Ok(accepted.Sequence),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    private static RoomRole? RoleOf(string? word) => word switch
    {
        "member" => RoomRole.Member,
        "moderator" => RoomRole.Moderator,
        "owner" => RoomRole.Owner,
        _ => null,
    };
}
