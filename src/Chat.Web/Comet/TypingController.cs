using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Says that a user types.</summary>
internal sealed class TypingController(ChatRoom room, PostOffice office, ChatMetrics metrics) : CometController(office, metrics)
{
    // Without parameters, for which the framework would read the form.
    [HttpPost("/chat/typing")]
    public async Task<IActionResult> Type()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginAsync();
        if (box is null)
            return refusal!;
        if (OnOf(form) is not { } on)
            return CometReply.Error(CometErrors.BadRequest);
        box.Touch();
        string? with = form.Named("with");
        return room.Typing.Tell(box, with is null ? form.Named("room") ?? RoomName.Lobby : null, with ?? "", on) is { } refused
            ? Refuse(refused)
            : CometReply.Ok();
    }
}
