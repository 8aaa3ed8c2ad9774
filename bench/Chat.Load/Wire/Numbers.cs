using System.Buffers.Text;

namespace ErlChat.Load.Wire;

/// <summary>Finds numbers in raw bytes of replies.</summary>
internal static class Numbers
{
    /// <summary>The number after the first <paramref name="mark"/>. -1 when there is none.</summary>
    internal static long After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) => At(text, text.IndexOf(mark), mark.Length);

    /// <summary>The number after the last <paramref name="mark"/>. -1 when there is none.</summary>
    internal static long AfterLast(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) => At(text, text.LastIndexOf(mark), mark.Length);

    /// <summary>The number, with or without a decimal point, after the first <paramref name="mark"/>. 0 when there is none.</summary>
    internal static double DecimalAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark) =>
        text.IndexOf(mark) is >= 0 and var position && Utf8Parser.TryParse(text[(position + mark.Length)..], out double number, out _)
            ? number
            : 0;

    private static long At(ReadOnlySpan<byte> text, int position, int skip) =>
        position >= 0 && Utf8Parser.TryParse(text[(position + skip)..], out long number, out _) ? number : -1;
}
