using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace ErlChat.Terminal.Verbs;

/// <summary>A number within limits. Parsed by hand, because a validator that reads the value of a malformed number throws.</summary>
internal static class NumberOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">Its help text.</param>
    /// <param name="fallback">Its default.</param>
    /// <param name="least">The smallest number allowed.</param>
    /// <param name="most">The largest number allowed.</param>
    internal static Option<T> Create<T>(string name, string description, T fallback, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description}, {least} to {most}"),
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out T number)
                    && number >= least
                    && number <= most)
                {
                    return number;
                }

                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a number, {least} to {most}."));
                return fallback;
            },
        };
}
