using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ErlChat.Load.Verbs;

/// <summary>Options that take a number within a range.</summary>
internal static class NumberOption
{
    internal static Option<int> Create(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.CustomParser = result =>
        {
            if (TryRead(result.Tokens[0], least, most, out int given))
                return given;
            result.AddError($"{name} takes {least} to {most}.");
            return value;
        };
        return option;
    }

    /// <summary>Creates an option that takes several numbers within a range.</summary>
    internal static Option<int[]> CreateMany(string name, int[] values, int least, int most, string description)
    {
        var option =
            new Option<int[]>(name) { Description = description, DefaultValueFactory = _ => values, AllowMultipleArgumentsPerToken = true };
        option.CustomParser = result =>
        {
            int[] given = [.. result.Tokens.Select(token => TryRead(token, least, most, out int one) ? one : least - 1)];
            if (given.Contains(least - 1))
                result.AddError($"{name} takes {least} to {most}.");
            return given;
        };
        return option;
    }

    /// <summary>The number, for validation of several options together. Null when the number itself is refused.</summary>
    internal static int? GetNumber(this CommandResult result, Option<int> option)
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            // There is no other way to find out, because a command is validated before its options are.
            return null;
        }
    }

    private static bool TryRead(Token token, int least, int most, out int number) =>
        int.TryParse(token.Value, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
