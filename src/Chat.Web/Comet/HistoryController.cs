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
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>Past messages in the comet protocol: pages of a room's or a private conversation's history, and search.</summary>
internal sealed class HistoryController(
    ChatRoom room,
    PostOffice office,
    AnswerWriter answers,
    SearchTurns searches,
    FullCometFormat format,
    ChatMetrics metrics)
    : CometController(office, metrics)
{
    /// <summary>How many items a page has by default.</summary>
    internal const int DefaultLimit = 50;

    /// <summary>The most items that a page may have.</summary>
    internal const int MaxLimit = 200;

    /// <summary>The longest nick to search for, in UTF-16 units: more than any nick has.</summary>
    private const int MaxNickLength = 128;

    /// <summary>Stands for all private conversations of the session. No nick can look like this.</summary>
    private const string Everybody = "*";

    [LongAnswer]
    [HttpGet("/chat/history")]
    public async Task<IActionResult> History(
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? with,
        [FromQuery(Name = "with_id")] string? withId,
        [FromQuery] string? before,
        [FromQuery] string? after,
        [FromQuery] string? around,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!new HistoryRange(before, after, around, limit).TryRead(answers.MaxAnswerBytes, out HistoryPart part)
            || !TryRead(with, withId, out Correspondent? other))
        {
            return CometReply.Error(CometErrors.BadRequest);
        }

        if (part.Around is { } middle && !await room.CatchUpAsync(middle))
            return Refuse(new Refused(Refusal.Unavailable));
        if (other is not null)
            return await PrivatePageAsync(box, other, part, cancellationToken);
        string where = string.IsNullOrEmpty(name) ? RoomName.Lobby : name;
        return await PageAsync(
            part.Around is { } message
                ? room.HistoryAroundAsync(box.Owner, where, message, part.Size, cancellationToken)
                : room.HistoryAsync(box.Owner, where, part.Start, part.Size, cancellationToken),
            Refusal.NotInRoom,
            part.Near);
    }

    /// <summary>The messages that are pinned to a room, as the history has them.</summary>
    [LongAnswer]
    [HttpGet("/chat/pins")]
    public async Task<IActionResult> Pins([FromQuery(Name = "room")] string? name, CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        string where = string.IsNullOrEmpty(name) ? RoomName.Lobby : name;
        return await PageAsync(room.PinsAsync(box.Owner, where, cancellationToken), Refusal.NotInRoom);
    }

    /// <summary>A single message, as the history has it.</summary>
    [HttpGet("/chat/message")]
    public async Task<IActionResult> Message([FromQuery] string? id, CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        (long message, CometReply? notReady) = await ReadyAsync(id);
        return notReady ?? await PageAsync(room.MessageAsync(box.Owner, message, cancellationToken), Refusal.NoSuchMessage);
    }

    /// <summary>
    /// Reserves room for its answer only after searching. A search may take long, and would keep that room from others meanwhile.
    /// </summary>
    [HttpGet("/chat/search")]
    public async Task<IActionResult> Search(
        [FromQuery(Name = "q")] string? text,
        [FromQuery(Name = "room")] string? name,
        [FromQuery] string? with,
        [FromQuery(Name = "with_id")] string? withId,
        [FromQuery] string? nick,
        [FromQuery] string? until,
        [FromQuery] string? before,
        [FromQuery] string? limit,
        CancellationToken cancellationToken)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (!new HistoryRange(before, null, null, limit).TryRead(answers.MaxAnswerBytes, out HistoryPart part)
            || !QueryTime.TryRead(until, out DateTimeOffset? end)
            || !TryRead(with, withId, out Correspondent? other)
            || nick?.Length > MaxNickLength || with?.Length > MaxNickLength)
        {
            return CometReply.Error(CometErrors.BadRequest);
        }

        if (!SearchQuery.TryParse(text, out SearchQuery? query))
            return CometReply.Error(CometErrors.BadQuery);
        query = query.Limited(string.IsNullOrEmpty(nick) ? null : nick, end);
        string? where = string.IsNullOrEmpty(name) ? null : name;
        using RateLimitLease turn = await searches.TakeAsync(box.Owner, cancellationToken);
        if (!turn.IsAcquired)
        {
            Metrics.Refused(new Limit(LimitKind.Searches, LimitScope.Session));
            return Refuse(new Refused(Refusal.RateLimited, TimeSpan.FromSeconds(1)));
        }

        IActionResult found = await PageAsync(
            other is not null
                ? room.SearchPrivateAsync(box.Owner, query, other, part.Start.Sequence, part.Size, cancellationToken)
                : room.SearchAsync(box.Owner, query, where, part.Start.Sequence, part.Size, cancellationToken),
            where is null || other is not null ? Refusal.BadSession : Refusal.NotInRoom);
        if (found is not HistoryPage || await answers.ReserveAsync(HttpContext))
            return found;
        await AnswerWriter.RefuseAsync(HttpContext);
        return new EmptyResult();
    }

    /// <summary>Reads whose private messages a request asks for. Returns false if the user id is malformed.</summary>
    /// <param name="with">The other user; null if the request does not ask for private messages.</param>
    private static bool TryRead(string? nick, string? id, out Correspondent? with)
    {
        with = nick == Everybody ? Correspondent.Anybody
            : string.IsNullOrEmpty(nick) && string.IsNullOrEmpty(id) ? null
            : new Correspondent(string.IsNullOrEmpty(nick) ? null : nick, string.IsNullOrEmpty(id) ? null : id);
        return with?.UserId is not { } user || UserId.IsWellFormed(user);
    }

    /// <summary>
    /// If the caller names a nick, the answer also has the id of the user who has it now, so that a client can keep to that user.
    /// </summary>
    private async Task<IActionResult> PrivatePageAsync(
        Mailbox box, Correspondent with, HistoryPart part, CancellationToken cancellationToken)
    {
        string? now = with.Nick is null ? null : room.FindPerson(with.Nick)?.Who.UserId;
        return await PageAsync(PrivatePartAsync(box, with, part, cancellationToken), Refusal.BadSession, part.Near, now);
    }

    private ValueTask<MailPage?> PrivatePartAsync(
        Mailbox box, Correspondent with, HistoryPart part, CancellationToken cancellationToken) => part.Around is { } message
            ? room.PrivateHistoryAroundAsync(box.Owner, with, message, part.Size, cancellationToken)
            : room.PrivateHistoryAsync(box.Owner, with, part.Start, part.Size, cancellationToken);

    private async Task<IActionResult> PageAsync(
        ValueTask<MailPage?> reading, Refusal otherwise, long near = long.MaxValue, string? withId = null)
    {
        try
        {
            return await reading is { } page ? new HistoryPage(page, near, withId, answers, format) : Refuse(new Refused(otherwise));
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
}
