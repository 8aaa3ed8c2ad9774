using System.CommandLine;
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
}
