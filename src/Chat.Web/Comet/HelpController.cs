using ErlChat.Protocol.Comet;
using ErlChat.Web.Answers;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary>What helps the page to help: the commands there are, and to administrators the bans.</summary>
internal sealed class HelpController(ChatRoom room, SlashCommands commands, PostOffice office, AnswerWriter answers, ChatMetrics metrics) : CometController(office, metrics)
{
    /// <summary>Of many at one address, so many are named.</summary>
    private const int MaxNamed = 10;

    [HttpGet("/chat/commands")]
    public IActionResult Commands()
    {
        if (FindBox(out CometReply refusal) is not { } box)
            return refusal;
        box.Touch();
        return CometReply.Ok(json =>
        {
            json.WriteStartArray();
            foreach (CommandDescription one in commands.Descriptions)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, one.Name);
                json.WriteString("usage"u8, one.Usage);
                json.WriteString("help"u8, one.Help);
                json.WriteBoolean("admin"u8, one.IsForAdmins);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
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
            [.. room.ActiveBans().Select(one => one.Ban)], after, static ban => ban.Host, StringComparer.Ordinal, LengthOf, answers.MaxAnswerBytes);
        return CometReply.Ok(
            json =>
            {
                json.WriteStartArray();
                foreach (Ban ban in bans)
                {
                    json.WriteStartObject();
                    json.WriteString("host"u8, ban.Host);
                    json.WriteString("nick"u8, ban.Nick);
                    json.WriteString("reason"u8, ban.Reason);
                    json.WriteString("until"u8, ban.Until.UtcDateTime);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            json => json.WriteMore(more));
    }

    /// <summary>Before somebody is banned: the address that it would be, and who else comes from there.</summary>
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
        SessionView[] others = [.. room.SessionsAt(user.Host).Where(other => other.Key != user.Key)];
        return CometReply.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteString("host"u8, user.Host);
            json.WriteNumber("count"u8, others.Length);
            json.WriteStartArray("others"u8);
            foreach (SessionView other in others.Take(MaxNamed))
                json.WriteStringValue(other.Who.Nick);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static int LengthOf(Ban ban) => 100 + BoundedList.LengthOf(ban.Host) + BoundedList.LengthOf(ban.Nick) + BoundedList.LengthOf(ban.Reason);
}
