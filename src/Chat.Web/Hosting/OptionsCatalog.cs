using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// All options that there are, by section. At the start it refuses keys in these sections that name none: a misspelt option would otherwise be ignored without a word.
/// </summary>
internal sealed class OptionsCatalog : IValidateOptions<OptionsCatalog.Check>
{
    private readonly List<(IConfigurationSection Section, Type Options)> _known = [];

    /// <summary>Takes note of a class of options in a section; several may share one.</summary>
    internal void Add(IConfigurationSection section, Type options) => _known.Add((section, options));

    public ValidateOptionsResult Validate(string? name, Check options)
    {
        var unknown = new List<string>();
        foreach (var section in _known.GroupBy(one => one.Section.Path))
            AddUnknown(section.First().Section, [.. section.Select(one => one.Options)], unknown);
        return unknown.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown);
    }

    private void AddUnknown(IConfigurationSection section, IReadOnlyList<Type> types, List<string> unknown)
    {
        PropertyInfo[] options = [.. types.SelectMany(OptionsReader.OptionsOf)];
        foreach (IConfigurationSection key in section.GetChildren())
        {
            PropertyInfo? option = Array.Find(options, one => string.Equals(one.Name, key.Key, StringComparison.OrdinalIgnoreCase));
            if (option is null)
                unknown.Add($"There is no option {key.Path}. Did you mean {Nearest(key.Path)}?");
            else if (OptionsReader.IsGroup(option))
                AddUnknown(key, [option.PropertyType], unknown);
            else
                unknown.AddRange(key.GetChildren().Where(item => !IsItem(option, item)).Select(item => $"{key.Path} has no part named {item.Key}."));
        }
    }

    private static bool IsItem(PropertyInfo option, IConfigurationSection item) =>
        OptionsReader.IsList(option) && int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The option of that very name in another section, or whose name begins like that, or whose path takes the fewest changes of letters.</summary>
    private string Nearest(string path)
    {
        string key = path[(path.LastIndexOf(':') + 1)..];
        return _known.SelectMany(one => NamesOf(one.Section.Path, one.Options))
            .OrderBy(name => name.EndsWith(':' + key, StringComparison.OrdinalIgnoreCase) ? 0 : name.Contains(':' + key, StringComparison.OrdinalIgnoreCase) ? 1 : 2)
            .ThenBy(name => Distance(name.ToUpperInvariant(), path.ToUpperInvariant()))
            .ThenBy(name => name, StringComparer.Ordinal)
            .First();
    }

    private static IEnumerable<string> NamesOf(string section, Type type) => OptionsReader.OptionsOf(type).SelectMany(option =>
        OptionsReader.IsGroup(option) ? NamesOf($"{section}:{option.Name}", option.PropertyType) : [$"{section}:{option.Name}"]);

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
            {
                int replaced = diagonal + (one[i] == other[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[^1];
    }

    /// <summary>What the check is hung on, so that its failures are told together with all others.</summary>
    internal sealed class Check;
}
