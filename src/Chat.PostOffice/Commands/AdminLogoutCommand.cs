using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class AdminLogoutCommand : ISlashCommand
{
    public string Name => "logout";

    public string Usage => "/admin logout";

    public string Help => "cease to be an administrator, also after the next login";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Text.Length == 0
        ? context.Room.Administration.SetAdminAsync(context.Session, isAdmin: false, context.TakeKey())
        : AdminCommand.Unknown(context);
}
