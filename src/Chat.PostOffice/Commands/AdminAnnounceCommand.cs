using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Sends an announcement to every user, in whatever rooms they are. The original had no such command.</summary>
internal sealed class AdminAnnounceCommand : ISlashCommand
{
    public string Name => "announce";

    public string Usage => "/admin announce text";

    public string Help => "send an announcement to everyone, in all rooms";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => TextRule.IsBlank(arguments.Text)
        ? AdminCommand.Unknown(context)
        : context.ExplainAsync(
            context.Room.Administration.AnnounceAsync(context.Session, arguments.Text, context.TakeKey()),
            refused => refused.Why == Refusal.Secret ? AuthText.NotSent : null);
}
