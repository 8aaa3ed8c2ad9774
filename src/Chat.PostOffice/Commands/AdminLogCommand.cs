using System.Globalization;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Commands;

/// <summary>Lists what administrators did, newest first, in pages. The original had no such command.</summary>
internal sealed class AdminLogCommand(IAdminPages pages) : ISlashCommand
{
    private const int PageSize = 20;

    public string Name => "log";

    public string Usage => "/admin log page";

    public string Help => "list what administrators did, newest first; without a page, the first one";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        int page = 1;
        if (arguments.Text.Length > 0 && !int.TryParse(arguments.Text, NumberStyles.None, CultureInfo.InvariantCulture, out page))
            return AdminCommand.Unknown(context);
        IReadOnlyList<Act> all = context.Room.Acts();
        int last = Math.Max(1, (all.Count + PageSize - 1) / PageSize);
        if (page < 1 || page > last)
            return context.TellAsync($"There is no page {page}. The last one is {last}.");
        Act[] acts = [.. all.Skip((page - 1) * PageSize).Take(PageSize)];
        string text = string.Join('\n', acts.Select(LineOf).Append($"Page {page} of {last}"));
        return context.TellAsync(text, pages.Acts(acts, page, last));
    }

    private static string LineOf(Act act)
    {
        string? nick = act.Of ?? (act.OfId is null ? null : Person.ErasedNick);
        string of = nick is null ? "" : $" {nick}{(act.OfId is null ? "" : $" ({act.OfId})")}";
        string address = act.HitsAddress ? " and the address" : "";
        string until = act.Until is { } end ? $", until {end.ToString("R", CultureInfo.InvariantCulture)}" : "";
        string text = string.IsNullOrEmpty(act.Text) ? "" : $": {act.Text}";
        return $"{act.At.ToString("R", CultureInfo.InvariantCulture)}: {act.By} ({act.ById}) {act.Words()}{of}{address}{until}{text}";
    }
}
