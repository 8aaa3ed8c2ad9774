using ErlChat.Web.Hosting;

namespace ErlChat.Web.CommandLine;

/// <summary>What the program answers and then ends, without starting a server, making a file or opening a port.</summary>
internal static class ProgramCommands
{
    private const string CheckConfig = "--check-config";

    /// <summary>Runs such a command.</summary>
    /// <returns>The exit code: 0 when all is well, 1 when the configuration is not, 2 when the command is wrong; null when the server is to
    /// start.</returns>
    internal static int? TryRun(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["help", ..] || args.Any(static arg => arg is "--help" or "-h" or "-?" or "/?"))
        {
            HelpText.Write(output);
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

    private static int Check(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            using WebApplication app = ChatServer.Compose(args);
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
