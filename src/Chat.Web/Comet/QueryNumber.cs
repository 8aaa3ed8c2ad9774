using System.Globalization;

namespace ErlChat.Web.Comet;

/// <summary>Numbers in the query of a request: digits alone.</summary>
internal static class QueryNumber
{
    /// <summary>Reads a number. Returns false if there is one that is malformed or out of range.</summary>
    /// <param name="text">The parameter; null or empty if it is missing.</param>
    /// <param name="least">The smallest valid number.</param>
    /// <param name="most">The largest valid number.</param>
    /// <param name="otherwise">The number if it is missing.</param>
    /// <param name="value">The number.</param>
    internal static bool TryRead(string? text, long least, long most, long otherwise, out long value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text)
            || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
    }
}
