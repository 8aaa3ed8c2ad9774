using System.Buffers;
using System.Text;
using ErlChat.Texts;

namespace ErlChat.History;

/// <summary>
/// The form in which a search compares texts: lower case, Latin letters without accents, and one blank for everything that is neither
/// letter nor digit. The history in memory and the database both use it.
/// </summary>
/// <remarks>
/// The search index of a database consists of parts of these forms. So a change here, including one through newer Unicode tables, needs a
/// new version of the database: the index would not have what the query now looks for.
/// </remarks>
public static class SearchText
{
    private const char FirstAccented = 'À';

    // Unicode's decompositions of Latin letters into an ASCII letter and marks. With invariant globalization the runtime does not have
    // them.
    private static readonly (char Letter, string Accented)[] s_accents =
    [
        ('a', "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"), ('b', "ḃḅḇ"), ('c', "çćĉċčḉ"), ('d', "ďḋḍḏḑḓ"),
        ('e', "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"), ('f', "ḟ"), ('g', "ĝğġģǧǵḡ"), ('h', "ĥȟḣḥḧḩḫẖ"), ('i', "ìíîïĩīĭįİǐȉȋḭḯỉị"), ('j', "ĵǰ"),
        ('k', "ķǩḱḳḵ"), ('l', "ĺļľḷḹḻḽ"), ('m', "ḿṁṃ"),
        ('n', "ñńņňǹṅṇṉṋ"), ('o', "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"), ('p', "ṕṗ"), ('r', "ŕŗřȑȓṙṛṝṟ"),
        ('s', "śŝşšșṡṣṥṧṩ"), ('t', "ţťțṫṭṯṱẗ"), ('u', "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"), ('v', "ṽṿ"), ('w', "ŵẁẃẅẇẉẘ"), ('x', "ẋẍ"),
        ('y', "ýÿŷȳẏẙỳỵỷỹ"), ('z', "źżžẑẓẕ"),
    ];

    private static readonly char[] s_letters = Letters();

    /// <summary>Converts a text; the result is empty if there is no letter or digit in it.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        string folded = new(Fold(text, rented));
        ArrayPool<char>.Shared.Return(rented);
        return folded;
    }

    /// <summary>Converts a text into a buffer. The result is never longer than the text.</summary>
    internal static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text, Span<char> buffer)
    {
        int length = 0;
        bool isSeparated = false;
        while (!text.IsEmpty)
        {
            if (char.IsAscii(text[0]))
            {
                if (char.IsAsciiLetterOrDigit(text[0]))
                    Append(buffer, ref length, ref isSeparated, char.ToLowerInvariant(text[0]));
                else
                    isSeparated = true;
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            text = text[consumed..];
            if (Rune.IsLetterOrDigit(rune))
            {
                rune = Rune.ToLowerInvariant(rune);
                if (rune.IsBmp)
                    Append(buffer, ref length, ref isSeparated, BaseOf((char)rune.Value));
                else
                    AppendPair(buffer, ref length, ref isSeparated, rune);
            }
            else if (Characters.IsMark(rune))
            {
                // Vowel signs, as in Thai or Hindi, are part of the word. Accents are left out here too.
                if (length > 0 && !isSeparated && !IsAccent(rune.Value) && rune.IsBmp)
                    Append(buffer, ref length, ref isSeparated, (char)rune.Value);
            }
            else if (!Characters.IsIgnorable(rune.Value))
            {
                isSeparated = true;
            }
        }

        return buffer[..length];
    }

    private static void Append(Span<char> buffer, ref int length, ref bool isSeparated, char character)
    {
        if (isSeparated && length > 0)
            buffer[length++] = ' ';
        isSeparated = false;
        buffer[length++] = character;
    }

    private static void AppendPair(Span<char> buffer, ref int length, ref bool isSeparated, Rune rune)
    {
        Span<char> pair = stackalloc char[2];
        rune.EncodeToUtf16(pair);
        Append(buffer, ref length, ref isSeparated, pair[0]);
        buffer[length++] = pair[1];
    }

    private static char BaseOf(char letter) => letter - FirstAccented is int place && place < s_letters.Length && s_letters[place] != 0
        ? s_letters[place]
        : letter;

    /// <summary>Accents as separate characters, and variation selectors, which only choose a glyph.</summary>
    private static bool IsAccent(int value) => value is (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFE20 and <= 0xFE2F);

    private static char[] Letters()
    {
        var letters = new char[s_accents.Max(static one => one.Accented.Max()) - FirstAccented + 1];
        foreach ((char letter, string accented) in s_accents)
        {
            foreach (char one in accented)
                letters[one - FirstAccented] = letter;
        }

        return letters;
    }
}
