using ErlChat.Commands;
using ErlChat.Delivery;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.State;
using ErlChat.Web.Answers;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>What the page's help needs: the list of commands, and the bans for administrators.</summary>
internal sealed class HelpController(
    ChatRoom room,
    SlashCommands commands,
    PostOffice office,
    AnswerWriter answers,
    ChatMetrics metrics)
    : CometController(office, metrics)
{
    /// <summary>The most users that are named for one address.</summary>
    private const int MaxNamed = 10;

    [HttpGet("/chat/commands")]
    public IActionResult Commands()
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        return CometReply.Ok(json => json.WriteObjects(commands.Descriptions, static (json, one) =>
        {
            json.WriteString("name"u8, one.Name);
            json.WriteString("usage"u8, one.Usage);
            json.WriteString("help"u8, one.Help);
            json.WriteBoolean("admin"u8, one.IsForAdmins);
        }));
    }

    [HttpGet("/chat/bans")]
    public IActionResult Bans([FromQuery] string? after)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (room.Find(box.Owner) is not { IsAdmin: true })
            return CometReply.Error(CometErrors.NotAllowed);
        (IReadOnlyCollection<Ban> bans, bool more) = BoundedList.Page(
            [.. room.ActiveBans().Select(one => one.Ban)],
            after,
            JsonLists.KeyOf,
            StringComparer.Ordinal,
            JsonLists.LengthOf,
            answers.MaxAnswerBytes);
        return Listed(bans, more, JsonLists.WriteBan);
    }

    /// <summary>What a ban would affect: the user's address, and the other users at it.</summary>
    [HttpGet("/chat/bans/preview")]
    public IActionResult Preview([FromQuery] string? nick)
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        if (room.Find(box.Owner) is not { IsAdmin: true })
            return CometReply.Error(CometErrors.NotAllowed);
        if (room.FindNick(nick ?? "") is not { } user)
            return CometReply.Error(CometErrors.NoSuchUser);
        SessionView[] others = [.. room.SessionsAt(user.Host).Where(other => other.Who.UserId != user.Who.UserId)];
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteString("host"u8, HostAddress.Shown(user.Host));
            json.WriteNumber("count"u8, others.Length);
            json.WriteStrings("others"u8, others.Take(MaxNamed).Select(static other => other.Who.Nick));
            json.WriteEndObject();
        });
    }
}
