using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ErlChat.Texts;

/// <summary>
/// What a name looks like: names with equal skeletons are taken for each other (Unicode Technical Standard 39). The look of a name as it is
/// displayed – so that <c>I</c>, <c>l</c> and <c>1</c> are alike – and then in lower case, since names differing only in case are the same
/// name.
/// </summary>
/// <remarks>
/// Thread-safe; linear in the name's length. The table differs from one Unicode version to the next, so the fold never comes here: whoever
/// takes a command makes the skeleton, and the entry carries it.
/// </remarks>
internal static class Skeleton
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    private static readonly (FrozenDictionary<int, string> Looks, FrozenDictionary<int, int> Orders) s_table = Read();

    internal static string Of(string name)
    {
        var look = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune.Value is >= HangulFirst and <= HangulLast)
                AppendHangul(look, rune.Value - HangulFirst);
            else
                Append(look, rune);
        }

        return Ordered(look.ToString()).ToLowerInvariant();
    }

    /// <summary>A Korean syllable as its letters, as Unicode computes them.</summary>
    private static void AppendHangul(StringBuilder look, int syllable)
    {
        const int vowels = 21;
        const int finals = 28;
        Append(look, new Rune(0x1100 + syllable / (vowels * finals)));
        Append(look, new Rune(0x1161 + syllable / finals % vowels));
        if (syllable % finals is int final and > 0)
            Append(look, new Rune(0x11A7 + final));
    }

    private static void Append(StringBuilder look, Rune rune)
    {
        if (s_table.Looks.TryGetValue(rune.Value, out string? known))
            look.Append(known);
        else if (!Characters.IsIgnorable(rune.Value))
            look.Append(rune.ToString());
    }

    /// <summary>Marks on one letter in their canonical order: those of different classes look alike in any.</summary>
    private static string Ordered(string text)
    {
        int[] runes = [.. text.EnumerateRunes().Select(rune => rune.Value)];
        int start = 0;
        while (start < runes.Length)
        {
            int end = start;
            while (end < runes.Length && s_table.Orders.ContainsKey(runes[end]))
                end++;
            if (end - start > 1)
                runes[start..end].OrderBy(rune => s_table.Orders[rune]).ToArray().CopyTo(runes, start);
            start = end + 1;
        }

        return string.Concat(runes.Select(char.ConvertFromUtf32));
    }

    private static (FrozenDictionary<int, string>, FrozenDictionary<int, int>) Read()
    {
        using Stream file = typeof(Skeleton).Assembly.GetManifestResourceStream("ErlChat.Texts.confusables.txt")!;
        using var reader = new StreamReader(file);
        var looks = new Dictionary<int, string>();
        var orders = new Dictionary<int, int>();
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#')
                continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            int[] codes = Codes(line[(colon + 2)..]);
            if (line.StartsWith("ccc ", StringComparison.Ordinal))
            {
                int order = int.Parse(line.AsSpan(4, colon - 4), CultureInfo.InvariantCulture);
                foreach (int code in codes)
                    orders.Add(code, order);
            }
            else
            {
                string look = string.Concat(Codes(line[..colon]).Select(char.ConvertFromUtf32));
                foreach (int code in codes)
                    looks.Add(code, look);
            }
        }

        return (looks.ToFrozenDictionary(), orders.ToFrozenDictionary());
    }

    private static int[] Codes(string text) => [.. text.Split(' ').Select(hex => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
