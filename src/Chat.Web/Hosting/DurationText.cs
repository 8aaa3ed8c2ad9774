using System.Globalization;
using System.Text.RegularExpressions;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Durations as operators write them: <c>00:00:30</c>, <c>1.12:00:00</c>, or with units, <c>500ms</c>, <c>30s</c>, <c>1d12h</c>. What
/// <see cref="TimeSpan.Parse(string)"/> takes for something else than most people do is refused: it reads <c>30</c> as 30 days,
/// <c>24:00:00</c> as 24 days and <c>05:00</c> as 5 hours.
/// </summary>
internal static partial class DurationText
{
    private const string Spellings =
        "Write hours, minutes and seconds as 00:00:30, days before them as 1.12:00:00, or use units: 500ms, 30s, 5m, 24h, 30d, 1d12h";

    /// <summary>Reads a duration.</summary>
    /// <param name="problem">What is wrong with it, and how to write what may have been meant; empty when nothing is.</param>
    internal static bool TryParse(string text, out TimeSpan duration, out string problem)
    {
        string trimmed = text.Trim();
        duration = default;
        problem = "";
        if (trimmed == "0")
            return true;
        if (Clock().IsMatch(trimmed))
        {
            if (TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out duration))
                return true;
        }
        else if (Units().Match(trimmed) is { Success: true } units && TryAdd(units, out duration))
        {
            return true;
        }

        problem = $"'{text}' {Explain(trimmed)}.";
        return false;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    internal static string Write(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);

    private static bool TryAdd(Match units, out TimeSpan duration)
    {
        decimal ticks = Of("d") * TimeSpan.TicksPerDay + Of("h") * TimeSpan.TicksPerHour + Of("m") * TimeSpan.TicksPerMinute
            + Of("s") * TimeSpan.TicksPerSecond + Of("ms") * TimeSpan.TicksPerMillisecond;
        bool fits = ticks <= TimeSpan.MaxValue.Ticks;
        duration = fits ? TimeSpan.FromTicks((long)ticks) : default;
        return fits;

        // At most 9 digits before the point: nothing overflows.
        decimal Of(string unit) => units.Groups[unit] is { Success: true } group
            ? decimal.Parse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : 0;
    }

    private static string Explain(string text)
    {
        if (BareNumber().IsMatch(text))
            return $"has no unit. Write {text}s for seconds, or {text}d for days (30d is 30.00:00:00, 30s is 00:00:30)";
        if (TwoParts().Match(text) is { Success: true } two)
        {
            (int first, int second) = (Number(two, 1), Number(two, 2));
            string minutes = Write(new TimeSpan(0, first, second));
            string hours = Write(new TimeSpan(first, second, 0));
            return $"may be hours and minutes, or minutes and seconds. Write {hours} or {first}h{second}m for the one, "
                + $"{minutes} or {first}m{second}s for the other";
        }

        if (ThreeParts().Match(text) is { Success: true } three)
        {
            (int hours, int minutes, int seconds) = (Number(three, 1), Number(three, 2), Number(three, 3));
            string clock = Write(new TimeSpan(hours, minutes, seconds));
            if (minutes < 60 && seconds < 60)
            {
                return $"has more than 23 hours, which .NET reads as days. "
                    + $"Write {clock} or {UnitsOf(hours, minutes, seconds)}; {hours}d for {hours} days";
            }
        }

        return $"is not a duration. {Spellings}";

        static int Number(Match match, int group) =>
            int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static string UnitsOf(int hours, int minutes, int seconds) =>
        $"{hours}h{(minutes > 0 ? $"{minutes}m" : "")}{(seconds > 0 ? $"{seconds}s" : "")}";

    // A minus is for the framework's own options, which know -00:00:00.001 as "never"; ours have ranges that begin at 0.
    [GeneratedRegex(@"^-?([0-9]{1,8}\.)?([01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]{1,7})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();

    [GeneratedRegex(
        "^(?=[0-9])"
        + "((?<d>[0-9]{1,9}([.][0-9]{1,9})?) ?d ?)?"
        + "((?<h>[0-9]{1,9}([.][0-9]{1,9})?) ?h ?)?"
        + "((?<m>[0-9]{1,9}([.][0-9]{1,9})?) ?(min|m(?!s)) ?)?"
        + "((?<s>[0-9]{1,9}([.][0-9]{1,9})?) ?s ?)?"
        + "((?<ms>[0-9]{1,9}([.][0-9]{1,9})?) ?ms)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Units();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"^([0-9]{1,5}):([0-9]{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex TwoParts();

    [GeneratedRegex(@"^([0-9]{1,5}):([0-9]{1,2}):([0-9]{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeParts();
}
