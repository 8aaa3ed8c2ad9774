using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ErlChat.Settings;

namespace ErlChat.Web.Configuration;

/// <summary>A known option.</summary>
/// <param name="Path">Its full name, such as <c>Limits:Reads:Address:Count</c>.</param>
/// <param name="Options">The options class that it belongs to.</param>
/// <param name="Steps">The properties that lead to it from an object of that class.</param>
internal sealed record KnownOption(string Path, Type Options, IReadOnlyList<PropertyInfo> Steps)
{
    /// <summary>What is shown instead of a secret.</summary>
    internal const string Mask = "********";

    internal PropertyInfo Property => Steps[^1];

    internal bool IsSecret => Property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;

    /// <summary>Its default value.</summary>
    internal string Default => ValueOf(Activator.CreateInstance(Options)!);

    /// <summary>Its value, in the notation of the configuration; empty if there is none. A secret is masked.</summary>
    /// <param name="options">An object of <see cref="Options"/>.</param>
    internal string ValueOf(object options)
    {
        string value = Write(Steps.Aggregate<PropertyInfo, object?>(options, static (owner, step) => step.GetValue(owner)));
        if (value.Length == 0)
            return value;
        return IsSecret ? Mask : Property.GetCustomAttribute<ShownAttribute>()?.Show(value, Mask) ?? value;
    }

    private static string Write(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => DurationText.Write(duration),
        IEnumerable items => string.Join(',', items.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
