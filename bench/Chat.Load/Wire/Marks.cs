using System.Buffers.Text;
using System.Globalization;

namespace ErlChat.Load.Wire;

/// <summary>
/// Messages carry their number in the text, between two tildes. No wire escapes tildes, so the number can be found in the raw bytes
/// whatever surrounds it.
/// </summary>
internal static class Marks
{
    private const int Digits = 7;

    /// <summary>The text of every message. It has the length of a typical chat message.</summary>
    internal static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"hello ~{number:D7}~ and some words more");

    /// <summary>
    /// The next number in <paramref name="text"/>, which moves to the position after it. Returns false when there is none left.
    /// </summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> text, out int number)
    {
        while (true)
        {
            int start = text.IndexOf((byte)'~');
            if (start < 0 || text.Length < start + Digits + 2)
            {
                number = 0;
                return false;
            }

            if (text[start + Digits + 1] == '~' && Utf8Parser.TryParse(text.Slice(start + 1, Digits), out number, out int read)
                && read == Digits)
            {
                text = text[(start + Digits + 2)..];
                return true;
            }

            text = text[(start + 1)..];
        }
    }
}
