using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Configuration;

/// <summary>
/// All known options, by section. At the start it refuses unknown keys in these sections, because a misspelt option would otherwise be
/// silently ignored.
/// </summary>
internal sealed class OptionsCatalog : IValidateOptions<OptionsCatalog.Check>
{
    private readonly List<(IConfigurationSection Section, Type Options, bool IsRead)> _known = [];

    /// <summary>The sections' names.</summary>
    internal IEnumerable<string> Sections => _known.Select(one => one.Section.Path).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every option, section by section. What several classes inherit from one is listed once.</summary>
    internal IEnumerable<KnownOption> All =>
        OptionsOf(_known).DistinctBy(static option => (option.Path, option.Property.DeclaringType));

    /// <summary>The options that the server reads with its current configuration.</summary>
    internal IEnumerable<KnownOption> Read => OptionsOf(_known.Where(one => one.IsRead));

    /// <summary>The catalog in a service collection; null if there is none yet.</summary>
    internal static OptionsCatalog? Of(IServiceCollection services) =>
        services.FirstOrDefault(static service => service.ServiceType == typeof(OptionsCatalog))?.ImplementationInstance as OptionsCatalog;

    /// <summary>Adds an options class to a section. Several classes may share a section.</summary>
    /// <param name="isRead">Whether the server reads these options with its current configuration.</param>
    internal void Add(IConfigurationSection section, Type options, bool isRead) => _known.Add((section, options, isRead));

    public ValidateOptionsResult Validate(string? name, Check options)
    {
        var unknown = new List<string>();
        foreach (var section in _known.GroupBy(one => one.Section.Path))
            AddUnknown(section.First().Section, [.. section.Select(one => one.Options)], unknown);
        return unknown.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown);
    }

    /// <summary>
    /// The known option that is most like a path: one with the same name in another section, else one whose name begins with it, else the
    /// one with the smallest spelling distance.
    /// </summary>
    internal string Nearest(string path)
    {
        string key = path[(path.LastIndexOf(':') + 1)..];
        return All.Select(option => option.Path)
            .OrderByDescending(name => name.EndsWith(':' + key, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(name => name.Contains(':' + key, StringComparison.OrdinalIgnoreCase))
            .ThenBy(name => Spelling.Distance(name, path))
            .ThenBy(name => name, StringComparer.Ordinal)
            .First();
    }

    private static IEnumerable<KnownOption> OptionsOf(
        IEnumerable<(IConfigurationSection Section, Type Options, bool IsRead)> known) => known
        .GroupBy(one => one.Section.Path, StringComparer.OrdinalIgnoreCase)
        .SelectMany(section => section.SelectMany(one => Below(one.Section.Path, one.Options, one.Options, [])));

    private static IEnumerable<KnownOption> Below(string path, Type options, Type group, IReadOnlyList<PropertyInfo> steps) =>
        OptionsReader.OptionsOf(group).SelectMany(option => OptionsReader.IsGroup(option)
            ? Below($"{path}:{option.Name}", options, option.PropertyType, [.. steps, option])
            : [new KnownOption($"{path}:{option.Name}", options, [.. steps, option])]);

    private void AddUnknown(IConfigurationSection section, IReadOnlyList<Type> types, List<string> unknown)
    {
        PropertyInfo[] options = [.. types.SelectMany(OptionsReader.OptionsOf)];
        foreach (IConfigurationSection key in section.GetChildren())
        {
            PropertyInfo? option = Array.Find(options, one => string.Equals(one.Name, key.Key, StringComparison.OrdinalIgnoreCase));
            if (option is null)
                unknown.AddRange(Leaves(key).Select(path => $"There is no option {path}. Did you mean {Nearest(path)}?"));
            else if (OptionsReader.IsGroup(option))
                AddUnknownInGroup(key, option.PropertyType, unknown);
            else
                unknown.AddRange(key.GetChildren()
                    .Where(item => !IsItem(option, item))
                    .Select(item => $"{key.Path} has no part named {item.Key}."));
        }
    }

    /// <summary>Reports unknown keys in a group, and a value set on the group itself, which nothing reads: <c>Limits:Reads=5</c>.</summary>
    private void AddUnknownInGroup(IConfigurationSection group, Type options, List<string> unknown)
    {
        if (group.Value is { Length: > 0 })
            unknown.Add($"{group.Path} is a group of options, such as {group.Path}:{OptionsReader.OptionsOf(options).First().Name}.");
        AddUnknown(group, [options], unknown);
    }

    /// <summary>The paths of all values at or below a key.</summary>
    private static IEnumerable<string> Leaves(IConfigurationSection key) =>
        key.AsEnumerable().Where(static one => one.Value is not null).Select(static one => one.Key).DefaultIfEmpty(key.Path);

    private static bool IsItem(PropertyInfo option, IConfigurationSection item) =>
        OptionsReader.IsList(option) && int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>An empty options class that checks are attached to, so that their failures are reported together with all others.</summary>
    internal sealed class Check;
}
