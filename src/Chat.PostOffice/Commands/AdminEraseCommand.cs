using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Erases a person and everything that the person wrote (docs/privacy.md). The original had no such command.</summary>
internal sealed class AdminEraseCommand : ISlashCommand
{
    public string Name => "erase";

    public string Usage => "/admin erase user";

    public string Help => "erase a user and everything that the user wrote; this cannot be undone";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return await AdminCommand.Unknown(context);
        if (AuthText.LooksLikeAuth(nick))
            return await context.TellAsync(AuthText.NotSent);
        if (context.Room.FindPerson(nick) is not { } person)
            return await context.TellAsync("Unable to erase: user not found.");
        string userId = person.Who.UserId;
        if (userId == context.Sender.Who.UserId)
            return await context.TellAsync("Sorry, you can't erase yourself here!");
        Outcome outcome = await context.Room.Erasures.EraseAsync(context.Session, userId, context.TakeKey());
        return outcome switch
        {
            // The answer is in the log, so it must not have the nick.
            Accepted => await context.TellAsync($"The user with the id {userId} was erased."),
            Refused { Why: Refusal.NoSuchUser } => await context.TellAsync("Unable to erase: user not found."),
            _ => outcome,
        };
    }
}
