using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Rooms in the comet protocol: join, part and list.</summary>
internal sealed class RoomsController(ChatRoom room, PostOffice office, AnswerWriter answers, ChatMetrics metrics)
    : CometController(office, metrics)
{
    [HttpPost("/chat/join")]
    public async Task<IActionResult> Join()
    {
        (SessionKey session, string name, PostedForm form, CometReply? refusal) = await ReadRoomAsync();
        if (refusal is not null)
            return refusal;

        // An existing room may have been created over another protocol, which allows more names.
        if (!RoomName.IsValid(name) && !room.CanFind(session, name))
            return Refuse(new Refused(Refusal.BadRoomName));
        return Entered(await room.EnterAsync(session, name, isPrivate: form["private"] == "1"));
    }

    /// <summary>Enters the room to which a link leads; <c>link</c> is the link's secret.</summary>
    [HttpPost("/chat/room/enter")]
    public async Task<IActionResult> EnterByLink()
    {
        (SessionKey session, _, PostedForm form, CometReply? refusal) = await ReadRoomAsync();
        if (refusal is not null)
            return refusal;
        return Entered(await room.Links.EnterAsync(session, form["link"] ?? ""));
    }

    [HttpPost("/chat/part")]
    public async Task<IActionResult> Part()
    {
        (SessionKey session, string name, _, CometReply? refusal) = await ReadRoomAsync();
        if (refusal is not null)
            return refusal;
        return await room.PartAsync(session, name) switch
        {
            Accepted accepted => CometReply.Ok(accepted.Sequence),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    [LongAnswer]
    [HttpGet("/chat/rooms")]
    public IActionResult Rooms([FromQuery] string? after, [FromQuery] string? limit)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!QueryNumber.TryRead(limit, 1, int.MaxValue, int.MaxValue, out long count))
            return CometReply.Error(CometErrors.BadRequest);
        (IReadOnlyCollection<RoomView> rooms, bool more) = BoundedList.Page(
            room.Rooms(box.Owner),
            after,
            static one => one.Name,
            StringComparer.OrdinalIgnoreCase,
            JsonLists.LengthOf,
            answers.MaxAnswerBytes,
            (int)count);
        return Listed(rooms, more, JsonLists.WriteRoom);
    }

    /// <summary>Reads the session and the room of a request, or the answer if it is refused.</summary>
    private async Task<(SessionKey Session, string Room, PostedForm Form, CometReply? Refusal)> ReadRoomAsync()
    {
        (Mailbox? box, PostedForm form, CometReply? refusal) = await BeginCommandAsync(room);
        return (box?.Owner ?? default, form["room"] ?? "", form, refusal);
    }

    private CometReply Entered(Outcome outcome) => outcome switch
    {
        RoomAccepted accepted => Entered(accepted),
        Refused refused => Refuse(refused),
        _ => throw new System.Diagnostics.UnreachableException(outcome.ToString()),
    };

    private CometReply Entered(RoomAccepted accepted)
    {
        (IReadOnlyCollection<Person> people, bool more) = BoundedList.Page(accepted.Members, null, answers.MaxAnswerBytes);
        return CometReply.Ok(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("room"u8, accepted.Room);
                if (accepted.Title is not null)
                    json.WriteString("title"u8, accepted.Title);
                json.WriteString("topic"u8, accepted.Topic);
                json.WriteStrings("users"u8, people.Select(who => who.Nick));
                json.WriteEndObject();
            },
            json =>
            {
                json.WriteNumber("id"u8, accepted.Sequence);
                json.WriteMore(more);
            });
    }
}
