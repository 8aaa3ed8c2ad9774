using System.Text;

namespace ErlChat.Commands;

/// <summary>Spells a time as the original did: <c>1 days, 3 hours, 46 minutes, 39 seconds</c>.</summary>
public static class SpelledTime
{
    /// <summary>Parts above the first that is not zero are left out; always plural; rounded up to whole seconds, at least 1.</summary>
    public static string Of(TimeSpan time)
    {
        long seconds = Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));
        var text = new StringBuilder();
        foreach ((long unit, string name) in new (long, string)[] { (86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds") })
        {
            long count = seconds / unit;
            seconds %= unit;
            if (count == 0 && text.Length == 0 && unit > 1)
                continue;
            text.Append(text.Length == 0 ? "" : ", ").Append(count).Append(' ').Append(name);
        }

        return text.ToString();
    }
}
