using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Refuses at the start what nobody would read: arguments that are no options, and keys outside the server's sections whose names are a
/// slip away from one (<c>Chta:PollTimeout</c>). What is nothing like ours is somebody else's and left alone, above all in the environment;
/// the command line is only ours.
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

        foreach (IConfigurationProvider provider in configuration.Providers.Where(static one => one is not CommandLineConfigurationProvider))
            AddStrays(provider, provider is EnvironmentVariablesConfigurationProvider, failures);
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

        // The framework leaves out an option without a value, or takes the next option for it.
        return argument.Value is null ? $"--{key} has no value. Write --{key}=VALUE." : null;
    }

    /// <summary>Of an option that lacks its section, the one of that name; but <c>--url</c> is <c>--urls</c> without its last letter.</summary>
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

    /// <summary>The key below the section that was probably meant; null when there is none.</summary>
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

            // A variable without __ is no option of anybody's.
            bool isOption = below.Length == 0
                && catalog.All.Any(option => option.Path.EndsWith(':' + first, StringComparison.OrdinalIgnoreCase));
            if (isOption && !isEnvironment)
                failures.Add($"There is no option {first}. Did you mean {catalog.Nearest(first)}?");
        }

        string Written(string first, string second) => isEnvironment ? $"the environment variable {first}__{second}" : $"{first}:{second}";
    }
}
