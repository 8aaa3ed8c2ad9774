namespace ErlChat;

internal sealed class AuthCommand(IAdminPasswords passwords) : ISlashCommand
{
    public string Name => "auth";

    public string Usage => "/auth password";

    public string Help => "become an administrator";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        string password = arguments.Words() is [string only] ? only : "";
        switch (passwords.Check(context.Sender.Host, password))
        {
            case AdminLogin.Right:
                Outcome told = await context.TellAsync("You are now authenticated as an administrator. Type /admin help for commands.");
                return told is Accepted ? await context.Room.SetAdminAsync(context.Session, isAdmin: true) : told;
            case AdminLogin.Wrong:
                return await context.TellAsync("Invalid administrator password.");
            case AdminLogin.TooManyFailures:
                return await context.TellAsync("Too many wrong passwords from your host. Please wait a minute and try again.");
            case AdminLogin.Off:
            default:
                return await context.TellAsync("Administration is switched off on this server.");
        }
    }
}
