using System.Text;

namespace ErlChat.Texts;

/// <summary>
/// Unicode's normalization of the characters in <see cref="LetterTable"/>. All others stay as they are. Linear, except for the marks on one
/// letter, which are sorted.
/// </summary>
internal static class Composition
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    /// <summary>The composed form (NFC).</summary>
    internal static string Of(string text) => Ascii.IsValid(text) ? text : Text(Compose(Decompose(text)));

    /// <summary>The decomposed form (NFD), except that Korean syllables stay whole.</summary>
    internal static string Split(string text) => Ascii.IsValid(text) ? text : Text(Decompose(text));

    private static List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Append(codes, rune.Value);
        int start = 0;
        while (start < codes.Count)
        {
            int end = start;
            while (end < codes.Count && ClassOf(codes[end]) > 0)
                end++;
            if (end - start > 1)
            {
                int[] marks = [.. codes[start..end].OrderBy(ClassOf)];
                for (int i = 0; i < marks.Length; i++)
                    codes[start + i] = marks[i];
            }

            start = end + 1;
        }

        return codes;
    }

    private static void Append(List<int> codes, int code)
    {
        if (!LetterTable.Shared.Splits.TryGetValue(code, out int[]? parts))
        {
            codes.Add(code);
            return;
        }

        foreach (int part in parts)
            Append(codes, part);
    }

    private static List<int> Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        int starter = -1;
        int lastClass = 0;
        foreach (int code in codes)
        {
            int own = ClassOf(code);

            // A mark of the same class in between keeps this one from the letter.
            bool isNext = starter >= 0 && (starter == composed.Count - 1 || (lastClass != 0 && lastClass < own));
            if (isNext && PairOf(composed[starter], code) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            if (own == 0)
                starter = composed.Count;
            lastClass = own;
            composed.Add(code);
        }

        return composed;
    }

    private static int? PairOf(int first, int second)
    {
        if (first is >= FirstLead and < FirstLead + Leads && second is >= FirstVowel and < FirstVowel + Vowels)
            return FirstSyllable + ((first - FirstLead) * Vowels + second - FirstVowel) * Tails;
        bool isOpen = first is >= FirstSyllable and < FirstSyllable + Leads * Vowels * Tails && (first - FirstSyllable) % Tails == 0;
        if (isOpen && second is > BeforeTail and < BeforeTail + Tails)
            return first + second - BeforeTail;
        return LetterTable.Shared.Pairs.TryGetValue((first, second), out int pair) ? pair : null;
    }

    private static int ClassOf(int code) => LetterTable.Shared.Classes.GetValueOrDefault(code);

    private static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (int code in codes)
            text.Append(new Rune(code).ToString());
        return text.ToString();
    }
}
