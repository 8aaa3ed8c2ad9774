using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ErlChat.Web.Configuration;

namespace ErlChat.Web.CommandLine;

/// <summary>
/// The output of <c>--help</c>: how to start the server and its tools, and every option with its default, range and meaning.
/// </summary>
internal static class HelpText
{
    /// <summary>The environment variable in which the installed <c>erlchat</c> script passes on its own name.</summary>
    private const string NameVariable = "ERLCHAT_PROGRAM";

    private const string Usage = """
        ErlChat, a self-hosted web chat.

          Chat.Web [OPTIONS]                  start the server
          Chat.Web log COMMAND [--path FILE]  check, back up and repair the database; "log" alone lists the commands
          Chat.Web admin-password             ask for an administrators' password and print the setting for it
          Chat.Web admin NICK [OPTIONS]       make a member an administrator; the server may be running
          Chat.Web --check-config [OPTIONS]   check the options and print their values with secrets masked, without starting the server
          Chat.Web --version                  print the version
          Chat.Web --help                     print this

        Set an option with --Chat:PollTimeout=25s, with the environment variable Chat__PollTimeout=25s, or in appsettings.json next to the
        folder templates. The command line overrides the environment, which overrides the file. A duration is hh:mm:ss, d.hh:mm:ss, or a
        number with a unit: 500ms, 30s, 5m, 24h, 30d, 1d12h. A list is one text with commas. See docs/configuration.md for more.

          --urls=http://localhost:8000
              The addresses to listen on, separated by semicolons. Also ASPNETCORE_URLS.
          --AllowedHosts, --Logging:LogLevel:..., --Kestrel:...
              The framework's own options; see ASP.NET Core's documentation.
        """;

    /// <param name="options">All known options.</param>
    internal static void Write(OptionsCatalog options, TextWriter output)
    {
        var docs = new OptionDocs();
        string name = Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } told ? told : "Chat.Web";
        output.WriteLine(Usage.Replace("Chat.Web", name, StringComparison.Ordinal));
        foreach (KnownOption option in options.All)
        {
            output.WriteLine(option.Default.Length > 0 ? $"  --{option.Path}={option.Default}" : $"  --{option.Path}");
            output.WriteLine("      " + Describe(option, docs));
        }
    }

    /// <summary>An option's description. If the option is in a group, it begins with the group's.</summary>
    private static string Describe(KnownOption option, OptionDocs docs)
    {
        string group = option.Steps.Count > 1 ? docs.SummaryOf(option.Steps[0]) : "";
        string value = docs.ValueOf(option.Property);
        string[] parts = [group, docs.SummaryOf(option.Property), value.Length > 0 ? value : RangeOf(option.Property)];
        return string.Join(' ', parts.Where(static part => part.Length > 0));
    }

    private static string RangeOf(PropertyInfo option) => option.GetCustomAttribute<RangeAttribute>() is { } range
        ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}.")
        : "";
}
