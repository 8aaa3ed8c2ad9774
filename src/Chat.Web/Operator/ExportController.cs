using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// A person's data for an administrator, without what was written in private: administrators do not read that in other ways either.
/// </summary>
internal sealed class ExportController(ChatRoom room, PersonExport export, PostOffice office, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [LongAnswer]
    [HttpGet("/admin/export")]
    public async Task<IActionResult> Export([FromQuery] string? nick)
    {
        if (_room.FindPerson(nick ?? "") is not { } person)
            return Refuse(new Refused(Refusal.NoSuchUser)).WithStatus(StatusCodes.Status404NotFound);
        return await export.SendAsync(HttpContext, person.Who.UserId, isOwn: false) is { } refused
            ? Refuse(refused).WithStatus(PersonExport.StatusOf(refused))
            : new EmptyResult();
    }
}
