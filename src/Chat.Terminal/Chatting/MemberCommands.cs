using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The commands about one's own nick: its password, and the devices.</summary>
internal sealed class MemberCommands(LoginSettings login, ITerminalOutput output)
{
    /// <summary>Keeps the nick.</summary>
    /// <param name="client">The client.</param>
    /// <param name="rest">What was typed after the command: the link of an invitation, its secret, or nothing.</param>
    /// <param name="secrets">The password, twice; empty for a script.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task RegisterAsync(ChatClient client, string rest, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        if (rest.Contains(' ', StringComparison.Ordinal))
            throw new NotDoneException("usage", "Usage: /register [invitation]; it asks for the password. Nothing was sent.");
        string password = NewPassword("/register", secrets);
        await (rest.Length == 0
            ? client.RegisterAsync(password, cancellationToken)
            : client.RegisterAsync(password, rest, cancellationToken));
        output.Status("The nick is yours now. Log in with --ask-password or --password-file, on any number of devices.");
    }

    /// <summary>Changes the password.</summary>
    /// <param name="client">The client.</param>
    /// <param name="rest">What was typed after the command, which must be nothing.</param>
    /// <param name="secrets">The old password, and the new one twice; empty for a script.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task ChangePasswordAsync(
        ChatClient client,
        string rest,
        IReadOnlyList<string> secrets,
        CancellationToken cancellationToken)
    {
        // A password in a line would be on the screen, and in a script.
        if (rest.Length > 0)
            throw new NotDoneException("usage", "Type /password alone; it asks for the passwords. Nothing was sent.");
        string next = NewPassword("/password", secrets);
        string old = secrets.Count > 0
            ? secrets[0]
            : login.Password ?? throw new NotDoneException("no_password", "In a script, /password needs --password-file too.");
        try
        {
            await client.ChangePasswordAsync(old, next, cancellationToken);
        }
        catch (ChatRefusedException e) when (e.Why == ChatRefusal.WrongPassword)
        {
            throw new NotDoneException("wrong_password", "That is not your password; nothing was changed.");
        }

        output.Status("The password is changed, and your other devices are logged out. A password file has the old one still.");
    }

    /// <summary>Lists the devices, or logs one or all others out.</summary>
    internal async Task DevicesAsync(ChatClient client, string rest, CancellationToken cancellationToken)
    {
        switch (rest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case []:
                output.Devices(await client.DevicesAsync(cancellationToken));
                break;
            case ["end", "others"]:
                await client.EndOtherDevicesAsync(cancellationToken);
                output.Status("* Your other devices are logged out *");
                break;
            case ["end", var id]:
                await client.EndDeviceAsync(id, cancellationToken);
                output.Status("* The device is logged out *");
                break;
            default:
                throw new NotDoneException("usage", "Usage: /devices, /devices end ID, /devices end others");
        }
    }

    private string NewPassword(string command, IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0)
        {
            return login.NewPassword ?? throw new NotDoneException(
                "no_password", $"{command} asks for the new password at a terminal only. In a script, it needs --new-password-file.");
        }

        return secrets[^1] == secrets[^2]
            ? secrets[^1]
            : throw new NotDoneException("passwords_differ", "The two passwords differ; nothing was changed.");
    }
}
