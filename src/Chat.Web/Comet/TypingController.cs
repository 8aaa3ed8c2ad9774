using ErlChat.Delivery;
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
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return RefuseForm(status);
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        if (OnOf(form) is not { } on)
            return CometReply.Error(CometErrors.BadRequest);
        box.Touch();
        string? with = form.Named("with");
        return room.Typing.Tell(box, with is null ? form.Named("room") ?? RoomName.Lobby : null, with ?? "", on) is { } refused
            ? Refuse(refused)
            : CometReply.Ok();
    }
}
