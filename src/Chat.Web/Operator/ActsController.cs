using System.Globalization;
using System.Text.Json;
using ErlChat.Delivery;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.State;
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>What administrators did, newest first, in pages.</summary>
internal sealed class ActsController(ChatRoom room, PostOffice office, AnswerWriter answers, ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    private readonly ChatRoom _room = room;

    /// <param name="after">The page begins with the act before the one with this id; empty for the newest.</param>
    /// <param name="limit">The most acts to return.</param>
    [LongAnswer]
    [HttpGet("/admin/acts")]
    public IActionResult Acts([FromQuery] string? after, [FromQuery] string? limit)
    {
        long before = long.MaxValue;
        if (!TryLimit(limit, out int count)
            || (!string.IsNullOrEmpty(after)
                && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
            return CometReply.Error(CometErrors.BadRequest);
        Act[] acts = [.. _room.Acts().Where(act => act.Sequence < before)];
        int fits = Math.Min(count, BoundedList.CountThatFits(acts, LengthOf, answers.MaxAnswerBytes));
        return Listed(acts.Take(fits), more: fits < acts.Length, Write);
    }

    private static int LengthOf(Act act) => 280 + BoundedList.LengthOf(act.By) + BoundedList.LengthOf(act.ById)
        + BoundedList.LengthOf(act.Of ?? "") + BoundedList.LengthOf(act.OfId ?? "") + BoundedList.LengthOf(act.Text ?? "");

    private static void Write(Utf8JsonWriter json, Act act)
    {
        json.WriteNumber("id"u8, act.Sequence);
        json.WriteString("at"u8, act.At.UtcDateTime);
        json.WriteString("act"u8, NameOf(act.Kind));
        json.WriteString("by"u8, act.By);
        json.WriteString("by_id"u8, act.ById);
        json.WriteString("nick"u8, act.Of ?? "");
        json.WriteString("user_id"u8, act.OfId ?? "");
        json.WriteBoolean("address"u8, act.HitsAddress);
        json.WriteString("text"u8, act.Text ?? "");
        if (act.Until is { } until)
            json.WriteString("until"u8, until.UtcDateTime);
    }

    private static string NameOf(ActKind kind) => kind switch
    {
        ActKind.Granted => "auth",
        ActKind.Revoked => "logout",
        ActKind.Kicked => "kick",
        ActKind.Banned => "ban",
        ActKind.Unbanned => "unban",
        ActKind.Muted => "mute",
        ActKind.Unmuted => "unmute",
        ActKind.Announced => "announce",
        ActKind.Appointed => "grant",
        ActKind.Dismissed => "revoke",
        ActKind.Erased => "erase",
        ActKind.RenamedRoom => "rename",
        _ => throw new System.Diagnostics.UnreachableException(kind.ToString()),
    };
}
