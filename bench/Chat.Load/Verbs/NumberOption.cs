using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ErlChat.Load.Verbs;

/// <summary>Options that take a number of a range.</summary>
internal static class NumberOption
{
    internal static Option<int> Create(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int given) && given >= least && given <= most)
                return given;
            result.AddError($"{name} takes {least} to {most}.");
            return value;
        };
        return option;
    }

    /// <summary>The number, for a check of several together; null when it is refused by itself.</summary>
    internal static int? GetNumber(this CommandResult result, Option<int> option)
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            // There is no other way to ask: a command is checked before its options are.
            return null;
        }
    }
}
