using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>
/// Refuses keys at the start that nothing would read: unknown arguments, and keys whose section is probably a misspelling of a known one
/// (<c>Chta:PollTimeout</c>). Other unknown keys may belong to other programs and are ignored, especially in the environment. Only the
/// command line belongs to this server alone.
/// </summary>
internal sealed class StrayKeys(OptionsCatalog catalog, IConfigurationRoot configuration, string[] args)
    : IValidateOptions<OptionsCatalog.Check>
{
    public ValidateOptionsResult Validate(string? name, OptionsCatalog.Check options)
    {
        var failures = new List<string>();
        foreach (Argument argument in Argument.Of(args))
        {
            if (ProblemOf(argument) is { } problem)
                failures.Add(problem);
        }

        foreach (IConfigurationProvider provider in configuration.Providers)
        {
            if (provider is not CommandLineConfigurationProvider)
                AddStrays(provider, provider is EnvironmentVariablesConfigurationProvider, failures);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Distinct());
    }

    private bool IsOurs(string first) => catalog.Sections.Contains(first, StringComparer.OrdinalIgnoreCase);

    private string? ProblemOf(Argument argument)
    {
        if (argument.Key is not { } key)
            return $"'{argument.Text}' is no option. Write options as --Chat:PollTimeout=25s; --help lists all of them.";
        string first = key.Split(':')[0];
        if (IsOurs(first) && !key.Contains(':', StringComparison.Ordinal))
            return $"{argument.Text}: {first} is a section of options, such as {catalog.Nearest(first)}.";
        if (FrameworkKeys.Sections.Contains(key, StringComparer.OrdinalIgnoreCase))
            return $"{argument.Text}: {key} is a section of options.";
        if (!IsOurs(first) && !FrameworkKeys.Knows(first))
            return $"There is no option {argument.Text.Split('=')[0]}. Did you mean {NearestArgument(key)}? --help lists all of them.";

        // The framework ignores an option without a value, or uses the next option as its value.
        return argument.Value is null ? $"--{key} has no value. Write --{key}=VALUE." : null;
    }

    /// <summary>
    /// The option that was probably meant. If the key lacks its section, an option with the same name is close; but <c>--url</c> is closer
    /// to <c>--urls</c>.
    /// </summary>
    private string NearestArgument(string key)
    {
        if (key.Contains(':', StringComparison.Ordinal))
            return "--" + (NearestSection(key) ?? catalog.Nearest(key));
        return "--" + FrameworkKeys.Values
            .Concat(["help", "version", "check-config"])
            .Concat(catalog.All.Select(static one => one.Path))
            .MinBy(DistanceOf);

        int DistanceOf(string name) => Math.Min(
            Spelling.Distance(name, key),
            name.LastIndexOf(':') is >= 0 and var colon ? Spelling.Distance(name[(colon + 1)..], key) + 1 : int.MaxValue);
    }

    /// <summary>The key in the section that was probably meant; null if no section is similar.</summary>
    private string? NearestSection(string key)
    {
        string[] parts = key.Split(':', 2);
        string? section = catalog.Sections.Concat(FrameworkKeys.Sections)
            .Where(known => Spelling.IsNear(parts[0], known))
            .MinBy(known => Spelling.Distance(parts[0], known));
        if (section is null)
            return null;
        string meant = parts.Length == 1 ? section : $"{section}:{parts[1]}";
        return !IsOurs(section) || parts.Length == 1 ? meant : catalog.Nearest(meant);
    }

    private void AddStrays(IConfigurationProvider provider, bool isEnvironment, List<string> failures)
    {
        foreach (string first in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IsOurs(first) || FrameworkKeys.Knows(first))
                continue;
            string[] below = [.. provider.GetChildKeys([], first).Distinct(StringComparer.OrdinalIgnoreCase)];
            foreach (string second in below)
            {
                if (NearestSection($"{first}:{second}") is { } meant)
                    failures.Add($"There is no section {first} ({Written(first, second)}). Did you mean {meant}?");
            }

            // In the environment, a variable without __ cannot be an option of ours.
            bool isOption = below.Length == 0
                && catalog.All.Any(option => option.Path.EndsWith(':' + first, StringComparison.OrdinalIgnoreCase));
            if (isOption && !isEnvironment)
                failures.Add($"There is no option {first}. Did you mean {catalog.Nearest(first)}?");
        }

        string Written(string first, string second) => isEnvironment ? $"the environment variable {first}__{second}" : $"{first}:{second}";
    }
}
