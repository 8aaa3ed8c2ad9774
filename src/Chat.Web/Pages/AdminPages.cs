using System.Globalization;
using ErlChat.Commands;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Web.Pages;

/// <summary>Renders answers to administrators as HTML fragments, from <c>templates/admin-*.html</c>.</summary>
internal sealed class AdminPages(Templates templates) : IAdminPages
{
    public string Info(SessionView user) => templates.Render(
        new AdminInfoModel(user.Who.Nick, HostAddress.Shown(user.Host), user.LastActiveAt.ToString("R", CultureInfo.InvariantCulture)));

    public string Bans(IReadOnlyList<(Ban Ban, string TimeLeft)> bans) => templates.Render(
        new AdminBansModel([.. bans.Select(one => new BanRow(one.Ban.Host ?? "", one.Ban.Nick, one.Ban.Reason, one.TimeLeft))]));

    public string Acts(IReadOnlyList<Act> acts, int page, int pages) => templates.Render(
        new AdminLogModel([.. acts.Select(RowOf)], page, pages));

    private static ActRow RowOf(Act act) => new(
        act.At.ToString("R", CultureInfo.InvariantCulture),
        act.By,
        act.ById,
        act.Words(),
        act.Of ?? "",
        act.OfId ?? "",
        act.HitsAddress,
        act.Until?.ToString("R", CultureInfo.InvariantCulture) ?? "",
        act.Text ?? "");
}
