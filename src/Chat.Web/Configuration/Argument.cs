namespace ErlChat.Web.Configuration;

/// <summary>An argument of the command line, taken apart as the framework's reader of configuration does it.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Key">The key that it sets; null when it sets none.</param>
/// <param name="Value">What to; null when nothing follows.</param>
internal sealed record Argument(string Text, string? Key, string? Value)
{
    /// <summary>Whether its value is the word behind it.</summary>
    private bool IsTwoWords => Value is not null && !Text.Contains('=', StringComparison.Ordinal);

    /// <summary>
    /// Without what begins with a single dash and is nobody's value: the framework throws at the first such, and here it is refused
    /// together with whatever else is wrong.
    /// </summary>
    internal static string[] WithoutShort(string[] args) =>
    [
        .. Of(args)
            .Where(static one => one.Key is not null || !IsShort(one.Text))
            .SelectMany(static one => one.IsTwoWords ? [one.Text, one.Value!] : new[] { one.Text }),
    ];

    /// <summary>
    /// All of a command line: <c>--key=value</c>, <c>--key value</c>, and the same with a slash before the key or, with an equals sign,
    /// nothing.
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
