using System.Globalization;
using ErlChat.Commands;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Web.Pages;

/// <summary>The answers to administrators as HTML fragments, <c>templates/admin-*.hbs</c>.</summary>
internal sealed class AdminPages(Templates templates) : IAdminPages
{
    public string Info(SessionView user) => templates.Render("admin-info", new
    {
        nick = user.Who.Nick,
        address = user.Host,
        lastAction = user.LastActiveAt.ToString("R", CultureInfo.InvariantCulture),
    });

    public string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans) => templates.Render("admin-bans", new
    {
        bans = bans.Select(one => new { host = one.Ban.Host, nick = one.Ban.Nick, reason = one.Ban.Reason, timeLeft = one.TimeLeft }).ToArray(),
    });
}
