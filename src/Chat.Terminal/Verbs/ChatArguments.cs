using System.CommandLine;
using ErlChat.Client;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Storing;

namespace ErlChat.Terminal.Verbs;

/// <summary>The options of <c>chat</c> about who the user is, and what is stored.</summary>
internal sealed class ChatArguments
{
    private readonly Option<Uri[]> _servers = ServerOptions.Servers();
    private readonly Option<string> _nick = ServerOptions.Nick();
    private readonly Option<string?> _passwordFile = ServerOptions.PasswordFile();
    private readonly Option<bool> _askPassword = new("--ask-password")
    {
        Description = "log in as a member; asks for the password, without showing it",
    };

    private readonly Option<string?> _newPasswordFile = ServerOptions.File(
        "--new-password-file",
        "for a script's /register and /password: the new password, in a file that only you may read (mode 600)");

    private readonly Option<string?> _session = ServerOptions.File(
        "--session",
        "the file that keeps the session, so that you come back as the same user; by default, for users at a terminal, one for each "
        + "server and nick in $XDG_STATE_HOME/erlchat or ~/.local/state/erlchat");

    private readonly Option<bool> _noSession = new("--no-session") { Description = "store no session" };

    internal ChatArguments(Command verb)
    {
        foreach (Option option in (Option[])[_servers, _nick, _passwordFile, _askPassword, _newPasswordFile, _session, _noSession])
            verb.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(_session) is not null && result.GetResult(_noSession) is not null)
                result.AddError("Choose --session or --no-session.");
            if (result.GetResult(_passwordFile) is not null && result.GetResult(_askPassword) is not null)
                result.AddError("Choose --password-file or --ask-password.");
        });
    }

    /// <summary>Whether the user wants to be asked for the password.</summary>
    internal bool AsksPassword(ParseResult parsed) => parsed.GetValue(_askPassword);

    /// <summary>What does not go together with the terminal, or with a script; null if all is well.</summary>
    internal string? Fault(ParseResult parsed, bool interactive) =>
        !interactive && AsksPassword(parsed) ? "--ask-password needs a terminal. In a script, use --password-file."
        : interactive && parsed.GetValue(_newPasswordFile) is not null
            ? "--new-password-file is for scripts. At a terminal, /register and /password ask."
        : null;

    /// <summary>Who the user is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="asked">The password that the user was asked for; null if not.</param>
    /// <exception cref="PrivateFileException">A file with a password cannot be used.</exception>
    internal LoginSettings Login(ParseResult parsed, string? asked) => new(parsed.GetValue(_servers)!, parsed.GetValue(_nick)!)
    {
        Password = asked ?? ServerOptions.Secret(parsed, _passwordFile),
        NewPassword = ServerOptions.Secret(parsed, _newPasswordFile),
    };

    /// <summary>Opens the file for the session; null if none is stored.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="interactive">Whether a user is at a terminal. A script stores a session only if it is told where.</param>
    /// <param name="failed">Is told, perhaps later, if the session cannot be stored.</param>
    /// <exception cref="PrivateFileException">The file cannot be used.</exception>
    /// <exception cref="FormatException">The file has the session of another chat.</exception>
    internal SessionStore? OpenStore(ParseResult parsed, bool interactive, Action<string> failed)
    {
        Uri[] servers = parsed.GetValue(_servers)!;
        if (parsed.GetValue(_session) is { } chosen)
            return SessionStore.Open(chosen, servers, failed);
        if (!interactive || parsed.GetValue(_noSession))
            return null;
        string? path;
        try
        {
            path = StateFolder.PathOf(servers, parsed.GetValue(_nick)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed($"The session is not stored: {e.Message}");
            return null;
        }

        try
        {
            return path is null ? null : SessionStore.Open(path, servers, failed);
        }
        catch (PrivateFileException e) when (e.IsInUse)
        {
            // This nick is in the chat in another terminal. A member may be there twice.
            return null;
        }
    }
}
