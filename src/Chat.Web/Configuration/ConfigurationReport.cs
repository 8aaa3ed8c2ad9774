using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>The effective options and where each was set, for <c>--check-config</c> and for the administrators' pages.</summary>
internal sealed class ConfigurationReport(OptionsCatalog catalog, IServiceProvider services, IConfiguration configuration)
{
    /// <summary>Every option that the server reads, section by section. Secrets are masked. The options must be valid.</summary>
    internal IEnumerable<ReportedOption> Options() => catalog.Read.Select(option =>
    {
        var holder = (IOptions<object>)services.GetRequiredService(typeof(IOptions<>).MakeGenericType(option.Options));
        string value = option.ValueOf(holder.Value);
        string before = option.Default;
        return new ReportedOption(option.Path, value, before, SourceOf(option.Path) ?? (value == before ? "default" : "environment"));
    });

    /// <summary>Which source set a key last; null if none did.</summary>
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

/// <summary>An effective option.</summary>
/// <param name="Path">Its full name.</param>
/// <param name="Value">Its value in the notation of the configuration: empty for none, masked if it is a secret.</param>
/// <param name="Default">Its value if it is not set.</param>
/// <param name="Source"><c>default</c>, <c>command line</c>, <c>environment</c>, or a file's name.</param>
internal sealed record ReportedOption(string Path, string Value, string Default, string Source);
