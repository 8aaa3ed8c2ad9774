using System.Globalization;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Rooms over the comet wire: join, part, list, history, search.</summary>
internal sealed class RoomsController(ChatRoom room, PostOffice office, CometFormat format, ChatMetrics metrics) : CometController(office, metrics)
{
    /// <summary>Items of one page of history, unless the caller says otherwise.</summary>
    private const int DefaultLimit = 50;

    /// <summary>Items that one page of history may have.</summary>
    private const int MaxLimit = 200;

    /// <summary>No nick: stands for all private conversations of the session.</summary>
    private const string Everybody = "*";

    [HttpPost("/chat/join")]
    public async Task<IActionResult> Join()
    {
        (SessionKey session, string name, CometReply? refusal) = await ReadRoomAsync();
        if (refusal is not null)
            return refusal;

        // A room that exists may have come from another door, whose names have a wider rule.
        if (!RoomName.IsValid(name) && room.FindRoom(name) is null)
            return Refuse(new Refused(Refusal.BadRoomName));
        return await room.EnterAsync(session, name) switch
        {
            RoomAccepted accepted => CometReply.Ok(
                json =>
                {
                    json.WriteStartObject();
                    json.WriteString("room"u8, accepted.Room);
                    json.WriteString("topic"u8, accepted.Topic);
                    json.WriteStrings("users"u8, accepted.Members.Select(who => who.Nick));
                    json.WriteEndObject();
                },
                json => json.WriteNumber("id"u8, accepted.Sequence)),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    [HttpPost("/chat/part")]
    public async Task<IActionResult> Part()
    {
        (SessionKey session, string name, CometReply? refusal) = await ReadRoomAsync();
        if (refusal is not null)
            return refusal;
        return await room.PartAsync(session, name) switch
        {
            Accepted accepted => CometReply.Ok(accepted.Sequence),
            Refused refused => Refuse(refused),
            Outcome other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    [HttpGet("/chat/rooms")]
    public IActionResult Rooms()
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        return CometReply.Ok(json =>
        {
            json.WriteStartArray();
            foreach (RoomView one in room.Rooms())
            {
                json.WriteStartObject();
                json.WriteString("name"u8, one.Name);
                json.WriteString("topic"u8, one.Topic);
                json.WriteNumber("members"u8, one.Members);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    [HttpGet("/chat/history")]
    public async Task<IActionResult> History(
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? with,
        [FromQuery] string? before,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!TryNumber(before, 0, long.MaxValue, long.MaxValue, out long end) || !TryNumber(limit, 1, MaxLimit, DefaultLimit, out long count))
            return CometReply.Error(CometErrors.BadRequest);
        if (!string.IsNullOrEmpty(with))
            return await PageAsync(room.PrivateHistoryAsync(box.Owner, with == Everybody ? null : with, end, (int)count, cancellationToken), Refusal.BadSession);
        string where = string.IsNullOrEmpty(name) ? RoomName.Lobby : name;
        return await PageAsync(room.HistoryAsync(box.Owner, where, end, (int)count, cancellationToken), Refusal.NotInRoom);
    }

    [HttpGet("/chat/search")]
    public async Task<IActionResult> Search(
        [FromQuery(Name = "q")] string? text,
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? before,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!TryNumber(before, 0, long.MaxValue, long.MaxValue, out long end) || !TryNumber(limit, 1, MaxLimit, DefaultLimit, out long count))
            return CometReply.Error(CometErrors.BadRequest);
        if (!SearchQuery.TryParse(text, out SearchQuery? query))
            return CometReply.Error(CometErrors.BadQuery);
        string? where = string.IsNullOrEmpty(name) ? null : name;
        return await PageAsync(
            room.SearchAsync(box.Owner, query, where, end, (int)count, cancellationToken),
            where is null ? Refusal.BadSession : Refusal.NotInRoom);
    }

    private async Task<IActionResult> PageAsync(ValueTask<IReadOnlyList<Mail>?> reading, Refusal otherwise)
    {
        try
        {
            return await reading is { } items ? new HistoryPage(items, format) : Refuse(new Refused(otherwise));
        }
        catch (LogUnavailableException)
        {
            return Refuse(new Refused(Refusal.Unavailable));
        }
    }

    /// <summary>Who wants to do something with which room; or why not.</summary>
    private async Task<(SessionKey Session, string Room, CometReply? Refusal)> ReadRoomAsync()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return (default, "", RefuseForm(status));
        if (FindBox(out CometReply refusal) is not { } box)
            return (default, "", refusal);
        return room.Admit(box) is { } limited ? (default, "", Refuse(limited)) : (box.Owner, form["room"] ?? "", null);
    }

    private static bool TryNumber(string? text, long least, long most, long otherwise, out long value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text)
            || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
    }

    /// <summary>A page of history is written like a poll's answer.</summary>
    private sealed class HistoryPage(IReadOnlyList<Mail> items, CometFormat format) : IActionResult
    {
        public async Task ExecuteResultAsync(ActionContext context) => await MailAnswer.WriteAsync(context.HttpContext.Response, [.. items], format);
    }
}
