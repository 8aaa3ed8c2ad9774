using System.CommandLine;

namespace ErlChat.Terminal.Verbs;

/// <summary>The options that say where the chat is and who is there. The environment variables <c>server</c> and <c>nick</c> stand in for them.</summary>
internal static class ServerOptions
{
    internal static Option<Uri> Server() => new("--server")
    {
        Description = "where the chat is; else the environment variable server, else http://localhost:8000",
        DefaultValueFactory = result => Parse(Environment.GetEnvironmentVariable("server"), result.AddError),
        CustomParser = result => Parse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : null, result.AddError),
    };

    internal static Option<string> Nick() => new("--nick")
    {
        Description = "your nick, 1 to 16 letters or digits; by default the environment variable nick",
        DefaultValueFactory = result =>
        {
            string nick = Environment.GetEnvironmentVariable("nick")?.Trim() ?? "";
            if (nick.Length == 0)
                result.AddError("Choose a nick with --nick NAME, or set the environment variable nick.");
            return nick;
        },
    };

    /// <summary>A server's address; <c>host:port</c> means http.</summary>
    private static Uri Parse(string? text, Action<string> fail)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            text = "http://localhost:8000";
        if (!text.Contains("://", StringComparison.Ordinal))
            text = "http://" + text;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? server) && server.Scheme is ("http" or "https"))
            return server;
        fail($"'{text}' is no address of a chat server, such as http://localhost:8000.");
        return new Uri("http://localhost:8000");
    }
}
