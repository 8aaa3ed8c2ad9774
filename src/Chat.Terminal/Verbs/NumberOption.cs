using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace ErlChat.Terminal.Verbs;

/// <summary>A number within bounds. Parsed by hand: a validator that asks for the value of what is no number throws.</summary>
internal static class NumberOption
{
    /// <param name="least">Smallest number allowed.</param>
    /// <param name="most">Largest number allowed.</param>
    internal static Option<T> Create<T>(string name, string description, T fallback, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description}, {least} to {most}"),
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most)
                    return number;
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a number, {least} to {most}."));
                return fallback;
            },
        };
}
