using ErlChat.Nodes;
using ErlChat.Web.Configuration;
using ErlChat.Web.Starting;

namespace ErlChat.Web.CommandLine;

/// <summary>Commands that print something and exit. They start no server, create no file and open no port.</summary>
/// <param name="options">Returns all known options.</param>
/// <param name="compose">Builds the server for a command line, and validates its options.</param>
internal sealed class ProgramCommands(Func<OptionsCatalog> options, Func<string[], WebApplication> compose)
{
    private const string CheckConfig = "--check-config";

    /// <summary>Runs such a command, if the arguments contain one.</summary>
    /// <returns>
    /// The exit code: 0 for success, 1 if the configuration is invalid, 2 if the command is wrong. Null if the server should start.
    /// </returns>
    internal int? TryRun(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["help", ..] || args.Any(static arg => arg is "--help" or "-h" or "-?" or "/?"))
        {
            HelpText.Write(options(), output);
            return 0;
        }

        if (args.Contains("--version", StringComparer.Ordinal))
        {
            output.WriteLine($"ErlChat {ProgramVersion.Server}, .NET {ProgramVersion.Runtime}");
            return 0;
        }

        if (args is ["admin-password", ..])
        {
            error.WriteLine("admin-password takes no options. It reads the password from standard input.");
            return 2;
        }

        return args.Contains(CheckConfig, StringComparer.Ordinal)
            ? Check([.. args.Where(static arg => arg != CheckConfig)], output, error)
            : null;
    }

    private int Check(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            using WebApplication app = compose(args);
            IConfiguration configuration = app.Configuration;
            ConfigurationReport report = app.Services.GetRequiredService<ConfigurationReport>();
            foreach (string key in new[] { "environment", "urls", "AllowedHosts" })
            {
                if (configuration[key] is { Length: > 0 } value)
                    output.WriteLine($"{key}={value}  # {report.SourceOf(key) ?? "default"}");
            }

            foreach (ReportedOption option in report.Options())
                output.WriteLine($"{option.Path}={option.Value}  # {option.Source}");
            return 0;
        }
        catch (Exception e) when (StartFailure.TryExplain(e, out IReadOnlyList<string> failures))
        {
            foreach (string failure in failures)
                error.WriteLine(failure);
            return 1;
        }
    }
}
