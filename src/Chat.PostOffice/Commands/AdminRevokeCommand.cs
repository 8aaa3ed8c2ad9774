using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Takes an administrator's rights back. The original had no such command.</summary>
internal sealed class AdminRevokeCommand : ISlashCommand
{
    public string Name => "revoke";

    public string Usage => "/admin revoke user";

    public string Help => "take an administrator's rights back";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) =>
        AdminGrantCommand.SetAsync(context, arguments, withdraws: true, nick => $"{nick} is not an administrator now.");
}
