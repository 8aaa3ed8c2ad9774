using System.Globalization;
using CsCheck;

namespace ErlChat.Protocol.Tests;

/// <summary>Random texts in which characters with special rules occur more often than by chance.</summary>
internal static class RandomTexts
{
    private static readonly Gen<string> s_piece = Gen.Frequency(
        (1, Gen.Char['\0', '\u001f'].Select(one => one.ToString())),
        (1, Gen.Char['\ud800', '\udfff'].Select(one => one.ToString())),
        (1, Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32)),
        (1, Gen.Char["\"\\/<>&'"].Select(one => one.ToString())),
        (1, Gen.Char["\u007f\u2028\u2029\ufffe\uffff\ufeff\u00a0"].Select(one => one.ToString())),
        (1, Gen.Char.Select(one => one.ToString())),
        (2, Gen.Char[' ', '~'].Select(one => one.ToString())));

    /// <summary>Up to forty pieces, not always well-formed.</summary>
    internal static Gen<string> Any { get; } = s_piece.Array[0, 40].Select(string.Concat);

    /// <summary>Shows a text as code units, because most of it is not visible.</summary>
    internal static string Show(string text) =>
        string.Join(' ', text.Select(unit => ((int)unit).ToString("X4", CultureInfo.InvariantCulture)));
}
