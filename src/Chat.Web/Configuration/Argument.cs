namespace ErlChat.Web.Configuration;

/// <summary>An argument of the command line, parsed like the framework's configuration provider does it.</summary>
/// <param name="Text">The argument as typed.</param>
/// <param name="Key">The key that it sets; null if it sets none.</param>
/// <param name="Value">The key's value; null if there is none.</param>
internal sealed record Argument(string Text, string? Key, string? Value)
{
    /// <summary>Whether its value is the next word.</summary>
    private bool IsTwoWords => Value is not null && !Text.Contains('=', StringComparison.Ordinal);

    /// <summary>
    /// The command line without arguments that begin with a single dash and are not values. The framework would throw at the first of them.
    /// They are reported later, together with all other problems.
    /// </summary>
    internal static string[] WithoutShort(string[] args) =>
    [
        .. Of(args)
            .Where(static one => one.Key is not null || !IsShort(one.Text))
            .SelectMany(static one => one.IsTwoWords ? [one.Text, one.Value!] : new[] { one.Text }),
    ];

    /// <summary>
    /// Parses a command line. The forms are <c>--key=value</c>, <c>--key value</c>, <c>/key=value</c>, <c>/key value</c> and
    /// <c>key=value</c>.
    /// </summary>
    internal static IEnumerable<Argument> Of(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            string text = args[i];
            bool isMarked = text.StartsWith("--", StringComparison.Ordinal) || text.StartsWith('/');
            string rest = text.StartsWith("--", StringComparison.Ordinal) ? text[2..] : text.StartsWith('/') ? text[1..] : text;
            int equals = rest.IndexOf('=', StringComparison.Ordinal);
            if (text.Length == 0)
                continue;
            if ((!isMarked && (equals < 0 || text[0] == '-')) || equals == 0 || rest.Length == 0)
                yield return new Argument(text, null, null);
            else if (equals > 0)
                yield return new Argument(text, rest[..equals], rest[(equals + 1)..]);
            else if (i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                yield return new Argument(text, rest, args[++i]);
            else
                yield return new Argument(text, rest, null);
        }
    }

    private static bool IsShort(string arg) => arg.StartsWith('-') && !arg.StartsWith("--", StringComparison.Ordinal);
}
