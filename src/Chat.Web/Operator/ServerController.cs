using ErlChat.Delivery;
using ErlChat.Rooms;
using ErlChat.Web.Answers;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>How the server is, and the options that it runs with.</summary>
internal sealed class ServerController(
    ChatRoom room,
    PostOffice office,
    ServerView server,
    ConfigurationReport report,
    AnswerWriter answers,
    ChatMetrics metrics)
    : OperatorController(room, office, metrics)
{
    [HttpGet("/admin/server")]
    public IActionResult Server() => CometReply.Ok(server.Write);

    /// <summary>As <c>--check-config</c> prints them, so secrets are masked.</summary>
    [LongAnswer]
    [HttpGet("/admin/settings")]
    public IActionResult Settings([FromQuery] string? after)
    {
        (IReadOnlyCollection<ReportedOption> options, bool more) = BoundedList.Page(
            [.. report.Options()],
            after,
            static one => one.Path,
            StringComparer.OrdinalIgnoreCase,
            static one => 80 + BoundedList.LengthOf(one.Path) + BoundedList.LengthOf(one.Value)
                + BoundedList.LengthOf(one.Default) + BoundedList.LengthOf(one.Source),
            answers.MaxAnswerBytes);
        return Listed(options, more, static (json, one) =>
        {
            json.WriteString("name"u8, one.Path);
            json.WriteString("value"u8, one.Value);
            json.WriteString("default"u8, one.Default);
            json.WriteString("source"u8, one.Source);
        });
    }
}
