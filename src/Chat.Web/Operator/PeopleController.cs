using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>Lists of sessions, rooms, bans, mutes and appointed administrators, in pages.</summary>
internal sealed class PeopleController(ChatRoom room, PostOffice office, AnswerWriter answers, TimeProvider time, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    [LongAnswer]
    [HttpGet("/admin/sessions")]
    public IActionResult Sessions([FromQuery] string? after, [FromQuery] string? find, [FromQuery] string? limit)
    {
        if (!TryLimit(limit, out int count))
            return CometReply.Error(CometErrors.BadRequest);
        (IReadOnlyList<SessionView> sessions, bool more) = _room.SessionsAfter(after ?? "", find ?? "", count);
        int fits = BoundedList.CountThatFits(sessions, LengthOf, answers.MaxAnswerBytes);
        return Listed(sessions.Take(fits), more || fits < sessions.Count, Write);
    }

    [LongAnswer]
    [HttpGet("/admin/rooms")]
    public IActionResult Rooms([FromQuery] string? after, [FromQuery] string? limit) => Paged(
        _room.Rooms(),
        after,
        limit,
        static one => one.Name,
        StringComparer.OrdinalIgnoreCase,
        static one => 16 + JsonLists.LengthOf(one),
        static (json, one) => json.WriteRoom(one.IsPrivate ? one with { Topic = "", Title = null } : one));

    [LongAnswer]
    [HttpGet("/admin/bans")]
    public IActionResult Bans([FromQuery] string? after, [FromQuery] string? limit) => Paged(
        _room.ActiveBans(),
        after,
        limit,
        static one => JsonLists.KeyOf(one.Ban),
        StringComparer.Ordinal,
        static one => 40 + JsonLists.LengthOf(one.Ban),
        static (json, one) =>
        {
            json.WriteBan(one.Ban);
            json.WriteNumber("left"u8, SecondsOf(one.Left));
        });

    [LongAnswer]
    [HttpGet("/admin/mutes")]
    public IActionResult Mutes([FromQuery] string? after, [FromQuery] string? limit) => Paged(
        _room.ActiveMutes(),
        after,
        limit,
        static one => one.Mute.Nick,
        StringComparer.OrdinalIgnoreCase,
        static one => 160 + BoundedList.LengthOf(one.Mute.Nick) + BoundedList.LengthOf(one.Mute.Host ?? ""),
        static (json, one) =>
        {
            json.WriteString("nick"u8, one.Mute.Nick);
            json.WriteString("host"u8, one.Mute.Host ?? "");
            json.WriteString("until"u8, one.Mute.Until.UtcDateTime);
            json.WriteNumber("left"u8, SecondsOf(one.Left));
        });

    [LongAnswer]
    [HttpGet("/admin/admins")]
    public IActionResult Admins([FromQuery] string? after, [FromQuery] string? limit)
    {
        string? self = _room.Find(Session)?.Who.UserId;
        return Paged(
            _room.AppointedAdministrators(),
            after,
            limit,
            static one => one.Who.Nick,
            StringComparer.OrdinalIgnoreCase,
            static one => 120 + BoundedList.LengthOf(one.Who.Nick),
            (json, one) =>
            {
                json.WriteString("nick"u8, one.Who.Nick);
                json.WriteString("user_id"u8, one.Who.UserId);
                json.WriteBoolean("online"u8, one.IsOnline);
                json.WriteBoolean("self"u8, one.Who.UserId == self);
            });
    }

    private static long SecondsOf(TimeSpan left) => (long)Math.Ceiling(left.TotalSeconds);

    private static int LengthOf(SessionView one) =>
        320 + BoundedList.LengthOf(one.Who.Nick) + BoundedList.LengthOf(one.Host) + one.Rooms.Sum(BoundedList.LengthOf);

    private void Write(Utf8JsonWriter json, SessionView one)
    {
        json.WriteString("nick"u8, one.Who.Nick);
        json.WriteString("user_id"u8, one.Who.UserId);
        json.WriteString("host"u8, HostAddress.Shown(one.Host));
        json.WriteBoolean("admin"u8, one.IsAdmin);
        json.WriteString("since"u8, one.Since.UtcDateTime);
        json.WriteNumber("idle"u8, Math.Max(0, (long)(time.GetUtcNow() - one.LastActiveAt).TotalSeconds));
        json.WriteNumber("parked"u8, Office.Find(one.Key)?.Parked ?? 0);
        json.WriteStrings("rooms"u8, one.Rooms);
        json.WriteBoolean("online"u8, one.IsOnline);
    }

    private CometReply Paged<T>(
        IReadOnlyCollection<T> items,
        string? after,
        string? limit,
        Func<T, string> key,
        StringComparer order,
        Func<T, int> lengthOf,
        Action<Utf8JsonWriter, T> write)
    {
        if (!TryLimit(limit, out int count))
            return CometReply.Error(CometErrors.BadRequest);
        (IReadOnlyCollection<T> page, bool more) = BoundedList.Page(items, after, key, order, lengthOf, answers.MaxAnswerBytes, count);
        return Listed(page, more, write);
    }
}
