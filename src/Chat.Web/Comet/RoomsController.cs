using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using ErlChat.Delivery;
using ErlChat.History;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Web.Answers;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Rooms over the comet wire: join, part, list, history, search.</summary>
internal sealed class RoomsController(ChatRoom room, PostOffice office, AnswerWriter answers, SearchTurns searches, CometFormat format, ChatMetrics metrics)
    : CometController(office, metrics)
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
            RoomAccepted accepted => Entered(accepted),
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

    [LongAnswer]
    [HttpGet("/chat/rooms")]
    public IActionResult Rooms([FromQuery] string? after, [FromQuery] string? limit)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!TryNumber(limit, 1, int.MaxValue, int.MaxValue, out long count))
            return CometReply.Error(CometErrors.BadRequest);
        (IReadOnlyCollection<RoomView> rooms, bool more) = BoundedList.Page(
            room.Rooms(), after, static one => one.Name, StringComparer.OrdinalIgnoreCase, LengthOf, answers.MaxAnswerBytes, (int)count);
        return Listed(rooms, more, JsonLists.WriteRoom);
    }

    [LongAnswer]
    [HttpGet("/chat/history")]
    public async Task<IActionResult> History(
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? with,
        [FromQuery(Name = "with_id")] string? withId,
        [FromQuery] string? before,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!TryNumber(before, 0, long.MaxValue, long.MaxValue, out long end) || !TryNumber(limit, 1, MaxLimit, DefaultLimit, out long count))
            return CometReply.Error(CometErrors.BadRequest);
        if (with == Everybody)
            return await PageAsync(room.PrivateHistoryAsync(box.Owner, Correspondent.Anybody, end, SizeOf(count), cancellationToken), Refusal.BadSession);
        if (!string.IsNullOrEmpty(with) || !string.IsNullOrEmpty(withId))
            return await PrivatePageAsync(box, with, withId, end, SizeOf(count), cancellationToken);
        string where = string.IsNullOrEmpty(name) ? RoomName.Lobby : name;
        return await PageAsync(room.HistoryAsync(box.Owner, where, end, SizeOf(count), cancellationToken), Refusal.NotInRoom);
    }

    /// <summary>Makes room for its answer when it has found what to say: it may take long, and would keep the room from others meanwhile.</summary>
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
        using RateLimitLease turn = await searches.TakeAsync(box.Owner, cancellationToken);
        if (!turn.IsAcquired)
        {
            Metrics.Refused(new Limit(LimitKind.Searches, LimitScope.Session));
            return Refuse(new Refused(Refusal.RateLimited, TimeSpan.FromSeconds(1)));
        }

        IActionResult found = await PageAsync(
            room.SearchAsync(box.Owner, query, where, end, SizeOf(count), cancellationToken),
            where is null ? Refusal.BadSession : Refusal.NotInRoom);
        if (found is not HistoryPage || await answers.ReserveAsync(HttpContext))
            return found;
        await AnswerWriter.RefuseAsync(HttpContext);
        return new EmptyResult();
    }

    /// <summary>With a nick, the answer also says who has it now, so that a client can hold on to that person.</summary>
    private async Task<IActionResult> PrivatePageAsync(Mailbox box, string? nick, string? id, long end, PageSize size, CancellationToken cancellationToken)
    {
        var with = new Correspondent(string.IsNullOrEmpty(nick) ? null : nick, string.IsNullOrEmpty(id) ? null : id);
        if (with.UserId is not null && !UserId.IsWellFormed(with.UserId))
            return CometReply.Error(CometErrors.BadRequest);
        string? now = with.Nick is null ? null : room.FindNick(with.Nick)?.Who.UserId;
        return await PageAsync(room.PrivateHistoryAsync(box.Owner, with, end, size, cancellationToken), Refusal.BadSession, now);
    }

    private async Task<IActionResult> PageAsync(ValueTask<MailPage?> reading, Refusal otherwise, string? withId = null)
    {
        try
        {
            return await reading is { } page ? new HistoryPage(page, withId, answers, format) : Refuse(new Refused(otherwise));
        }
        catch (SearchTooSlowException)
        {
            return CometReply.Error(CometErrors.TooSlow);
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

    private CometReply Entered(RoomAccepted accepted)
    {
        (IReadOnlyCollection<Person> people, bool more) = BoundedList.Page(accepted.Members, null, answers.MaxAnswerBytes);
        return CometReply.Ok(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("room"u8, accepted.Room);
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

    private PageSize SizeOf(long items) => new((int)items, answers.MaxAnswerBytes);

    private static int LengthOf(RoomView room) => 64 + BoundedList.LengthOf(room.Name) + BoundedList.LengthOf(room.Topic);

    private static bool TryNumber(string? text, long least, long most, long otherwise, out long value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text)
            || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
    }

    /// <summary>A page of history is written like a poll's answer.</summary>
    /// <param name="withId">An additional member, which needs no escaping; null for none.</param>
    private sealed class HistoryPage(MailPage page, string? withId, AnswerWriter answers, CometFormat format) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            int count = MailAnswer.FitLast(page, format, answers.MaxAnswerBytes, SuffixOf(more: true).Length);
            Mail[] items = [.. page.Skip(page.Count - count)];
            byte[] suffix = SuffixOf(page.More || count < page.Count);
            int length = MailAnswer.LengthOf(items, format, suffix);
            CometReply.SetHeaders(context.HttpContext.Response, length);
            return answers.WriteAsync(context.HttpContext, items, format, length, suffix);
        }

        private byte[] SuffixOf(bool more) => Encoding.ASCII.GetBytes($"]{(withId is null ? "" : $",\"with_id\":\"{withId}\"")}{(more ? ",\"more\":true" : "")}}}");
    }
}
