using System.Globalization;
using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class AuthCommand : ISlashCommand
{
    internal const string CommandName = "auth";

    public string Name => CommandName;

    public string Usage => "/auth password";

    public string Help => "become an administrator";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        string password = arguments.Words() is [string only] ? only : "";
        string? key = context.TakeKey();
        Outcome outcome = await context.Room.Administration.AuthenticateAsync(context.Session, password, key);
        return outcome is Refused refused && Explain(refused) is { } text
            ? await context.Room.TellAsync(context.Session, text, key: key)
            : outcome;
    }

    private static string? Explain(Refused refused) => refused.Why switch
    {
        Refusal.WrongPassword => "Invalid administrator password.",
        Refusal.RateLimited => string.Create(
            CultureInfo.InvariantCulture,
            $"Too many passwords were tried. Please wait {Math.Max(1, Math.Ceiling((refused.Wait ?? TimeSpan.Zero).TotalSeconds))} seconds and try again."),
        Refusal.AdministrationOff => "Administration is switched off on this server.",
        _ => null,
    };
}
