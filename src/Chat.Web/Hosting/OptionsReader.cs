using System.Collections;
using System.Reflection;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Reads a section of the configuration into an options object: single values, lists (<c>…:0</c>, <c>…__0</c>, JSON arrays, or one text with commas), and options within options.
/// </summary>
internal static class OptionsReader
{
    private static readonly char[] s_separators = [',', ';', ' '];

    /// <summary>Sets what the section has, and adds a sentence to <paramref name="failures"/> for each value that cannot be read; that option keeps its value.</summary>
    internal static void Read(IConfiguration section, object target, List<string> failures)
    {
        foreach (PropertyInfo option in OptionsOf(target.GetType()))
        {
            IConfigurationSection found = section.GetSection(option.Name);
            if (!found.Exists())
                continue;
            if (IsGroup(option))
                Read(found, option.GetValue(target)!, failures);
            else if (IsList(option))
                option.SetValue(target, ReadList(found));
            else if (found.Value is not null)
                ReadValue(option, found, target, failures);
        }
    }

    /// <summary>The options of a class: its public properties that can be set, and its groups of further options.</summary>
    internal static IEnumerable<PropertyInfo> OptionsOf(Type type) => type.GetProperties().Where(property => property.SetMethod is { IsPublic: true } || IsGroup(property));

    /// <summary>Whether an option holds options of its own.</summary>
    internal static bool IsGroup(PropertyInfo option) =>
        option.PropertyType is { IsClass: true } type && type != typeof(string) && type.Namespace?.StartsWith(nameof(ErlChat), StringComparison.Ordinal) == true;

    /// <summary>Whether an option is a list of texts.</summary>
    internal static bool IsList(PropertyInfo option) => option.PropertyType != typeof(string) && option.PropertyType.IsAssignableTo(typeof(IEnumerable));

    private static string[] ReadList(IConfigurationSection found) =>
    [
        .. (found.Value is { } all ? [all] : found.GetChildren().Select(item => item.Value ?? ""))
            .SelectMany(item => item.Split(s_separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    ];

    /// <summary>Sets one option from its text.</summary>
    internal static void ReadValue(PropertyInfo option, IConfigurationSection found, object target, List<string> failures)
    {
        Type type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
        string text = found.Value!;
        try
        {
            if (type != typeof(TimeSpan) || (text.Length == 0 && type != option.PropertyType))
                option.SetValue(target, found.Get(option.PropertyType));
            else if (DurationText.TryParse(text, out TimeSpan duration, out string problem))
                option.SetValue(target, duration);
            else
                failures.Add($"{found.Path}: {problem}");
        }
        catch (InvalidOperationException)
        {
            failures.Add($"{found.Path}: '{text}' {ProblemOf(type)}.");
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException refused)
        {
            // An option of the framework's, which looks at what it is set to.
            failures.Add($"{found.Path}: '{text}' is refused: {refused.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string ProblemOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "is neither true nor false",
        _ when type.IsEnum => $"is none of {string.Join(", ", Enum.GetNames(type))}",
        TypeCode.Int32 or TypeCode.Int64 => "is not a whole number, or is too large",
        TypeCode.Double => "is no number",
        _ => "cannot be read",
    };
}
