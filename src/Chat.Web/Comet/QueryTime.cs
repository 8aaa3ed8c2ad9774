using System.Globalization;

namespace ErlChat.Web.Comet;

/// <summary>Times in the query of a request, as RFC 3339 writes them: <c>2026-11-20T07:28:41.123Z</c>, or only a day, in UTC.</summary>
internal static class QueryTime
{
    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Reads a time. Returns false if there is one that is malformed.</summary>
    /// <param name="text">The parameter; null or empty if it is missing.</param>
    /// <param name="time">The time; null if it is missing.</param>
    internal static bool TryRead(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
            return true;
        if (!DateTimeOffset.TryParseExact(
            text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read))
        {
            return false;
        }

        time = read;
        return true;
    }
}
