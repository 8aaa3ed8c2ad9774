using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ErlChat.Web.Hosting;

namespace ErlChat.Web.CommandLine;

/// <summary>
/// What <c>--help</c> says: how to start the server and its tools, and every option with its default, its range and what it means.
/// </summary>
internal static class HelpText
{
    private const string Usage = """
        ErlChat, a self-hosted web chat.

          Chat.Web [OPTIONS]                  start the server
          Chat.Web log COMMAND [--path FILE]  check, back up and repair the database; "log" alone lists the commands
          Chat.Web admin-password             ask for an administrators' password and print the setting for it
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

    internal static void Write(TextWriter output)
    {
        // Nothing is read: every section is as it is without any configuration.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddParts();
        OptionsCatalog catalog = OptionsCatalog.Of(builder.Services)!;
        var docs = new OptionDocs();
        output.WriteLine(Usage);
        foreach (KnownOption option in catalog.All)
        {
            output.WriteLine(option.Default.Length > 0 ? $"  --{option.Path}={option.Default}" : $"  --{option.Path}");
            output.WriteLine("      " + Describe(option, docs));
        }
    }

    /// <summary>Of an option in a group, what the group is about.</summary>
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
