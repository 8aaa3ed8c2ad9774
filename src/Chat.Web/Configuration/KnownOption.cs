using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ErlChat.Web.Configuration;

/// <summary>One option that there is.</summary>
/// <param name="Path">Its whole name: <c>Limits:Reads:Address:Count</c>.</param>
/// <param name="Options">The class of options that has it.</param>
/// <param name="Steps">The properties that lead from an object of that class to it.</param>
internal sealed record KnownOption(string Path, Type Options, IReadOnlyList<PropertyInfo> Steps)
{
    /// <summary>What is shown instead of a secret.</summary>
    internal const string Mask = "********";

    internal PropertyInfo Property => Steps[^1];

    internal bool IsSecret => Property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;

    /// <summary>Its value before anybody sets it.</summary>
    internal string Default => ValueOf(Activator.CreateInstance(Options)!);

    /// <summary>Its value, as one may write it; empty when there is none. A secret is masked.</summary>
    /// <param name="options">An object of <see cref="Options"/>.</param>
    internal string ValueOf(object options)
    {
        string value = Write(Steps.Aggregate<PropertyInfo, object?>(options, static (owner, step) => step.GetValue(owner)));
        return IsSecret && value.Length > 0 ? Mask : value;
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
