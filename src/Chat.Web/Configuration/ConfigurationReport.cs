using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>The options in force, with where each comes from: for <c>--check-config</c>, and for administrators to look at.</summary>
internal sealed class ConfigurationReport(OptionsCatalog catalog, IServiceProvider services, IConfiguration configuration)
{
    /// <summary>Every option that the server reads, section by section. Secrets are masked. Call it on validated options.</summary>
    internal IEnumerable<ReportedOption> Options() => catalog.Read.Select(option =>
    {
        var holder = (IOptions<object>)services.GetRequiredService(typeof(IOptions<>).MakeGenericType(option.Options));
        string value = option.ValueOf(holder.Value);
        string before = option.Default;
        return new ReportedOption(option.Path, value, before, SourceOf(option.Path) ?? (value == before ? "default" : "environment"));
    });

    /// <summary>Who set a key last; null when nobody did.</summary>
    internal string? SourceOf(string path)
    {
        IConfigurationProvider? provider = ((IConfigurationRoot)configuration).Providers
            .LastOrDefault(provider => provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any());
        return provider switch
        {
            null => null,
            CommandLineConfigurationProvider => "command line",
            EnvironmentVariablesConfigurationProvider => "environment",
            JsonConfigurationProvider json => json.Source.Path,
            _ => "default",
        };
    }
}

/// <summary>An option in force.</summary>
/// <param name="Path">Its whole name.</param>
/// <param name="Value">Its value as it may be written; empty for none, masked when it is a secret.</param>
/// <param name="Default">What it is when nobody sets it.</param>
/// <param name="Source"><c>default</c>, <c>command line</c>, <c>environment</c>, or a file's name.</param>
internal sealed record ReportedOption(string Path, string Value, string Default, string Source);
