using System.CommandLine;
using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary>
/// What several verbs have in common: the options for the servers' addresses and the user's nick, which by default come from the
/// environment variables <c>server</c> and <c>nick</c>, and for files with a password.
/// </summary>
internal static class ServerOptions
{
    private static readonly Uri s_default = new("http://localhost:8000");

    internal static Option<Uri[]> Servers() => new("--server")
    {
        Description = "where the chat is, or its servers separated by commas; by default the environment variable server, "
            + "or else http://localhost:8000",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = result => Parse(Environment.GetEnvironmentVariable("server"), result.AddError),
        CustomParser = result => Parse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : null, result.AddError),
    };

    internal static Option<string> Nick() => new("--nick")
    {
        Description = "your nick, 1 to 16 letters or digits of any one script; by default the environment variable nick",
        DefaultValueFactory = result =>
        {
            string nick = Environment.GetEnvironmentVariable("nick")?.Trim() ?? "";
            if (nick.Length == 0)
                result.AddError("Choose a nick with --nick NAME, or set the environment variable nick.");
            return nick;
        },
    };

    internal static Option<string?> PasswordFile() => File(
        "--password-file",
        "log in as a member, with the password in the first line of this file, which only you may read (mode 600)");

    /// <summary>An option that names a file.</summary>
    internal static Option<string?> File(string name, string description)
    {
        var file = new Option<string?>(name) { Description = description };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }, ..])
                result.AddError($"{name} is the name of a file.");
        });
        return file;
    }

    /// <summary>The secret in the file that an option names; null if it names none.</summary>
    /// <exception cref="PrivateFileException">The file cannot be used.</exception>
    internal static string? Secret(ParseResult parsed, Option<string?> file) =>
        parsed.GetValue(file) is { } path ? PrivateFile.ReadSecret(path) : null;

    /// <summary>Reports that the program cannot start with these options.</summary>
    internal static async Task<int> RefuseAsync(string why)
    {
        await Console.Error.WriteLineAsync(SafeText.Of(why));
        return ExitCodes.Usage;
    }

    /// <summary>Parses the servers' addresses, separated by commas.</summary>
    private static Uri[] Parse(string? text, Action<string> fail)
    {
        string[] texts = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Uri[] servers = texts.Length == 0 ? [s_default] : [.. texts.Select(one => ParseOne(one, fail))];
        if (servers.Select(server => server.Scheme).Distinct().Count() > 1)
            fail("Either all servers use https or none does, because they share the session's secret. host:port means http.");
        return servers;
    }

    /// <summary>Parses a server's address; <c>host:port</c> means http.</summary>
    private static Uri ParseOne(string text, Action<string> fail)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
            text = "http://" + text;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? server) && server.Scheme is ("http" or "https"))
            return server;
        fail($"'{text}' is not the address of a chat server, such as http://localhost:8000.");
        return s_default;
    }
}
