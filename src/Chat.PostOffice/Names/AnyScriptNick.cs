using System.Globalization;
using System.Text;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Names;

/// <summary>
/// The rules for nicks of clients that can show any script: letters, the marks on them, and digits, of one script and one system of digits.
/// </summary>
internal static class AnyScriptNick
{
    /// <summary>How many marks may follow a letter, as in Unicode Technical Standard 39.</summary>
    private const int MaxMarks = 4;

    /// <summary>How many accents a letter may have, which are marks of several scripts. Greek has letters with three.</summary>
    private const int MaxAccents = 3;

    private const int Dot = 0x307;

    private static readonly UInt128 s_anyScript = UInt128.MaxValue;

    /// <summary>Scripts that are written together: each has its own bits and those of the mixtures it is part of.</summary>
    private static readonly UInt128[] s_bits = BitsOf(["Han", "Hiragana", "Katakana"], ["Han", "Hangul"], ["Han", "Bopomofo"]);

    /// <summary>
    /// The nick for what a user typed: composed (NFC), without surrounding blanks. Unlike <see cref="Nick.Normalize"/>, never cut.
    /// </summary>
    /// <param name="text">As typed.</param>
    /// <param name="options">For the limits of the length.</param>
    internal static NickReading Read(string? text, ChatOptions options)
    {
        string typed = (text ?? "").Trim(' ');

        // Composing makes a text three times shorter at most.
        if (typed.Length > 3 * options.MaxNickBytes)
            return new NickReading(null, NickFault.TooLong);
        string nick = Composition.Of(typed);
        if (!AreLetters(Composition.Split(nick)))
            return new NickReading(null, NickFault.Characters);
        if (Encoding.UTF8.GetByteCount(nick) > options.MaxNickBytes
            || new StringInfo(nick).LengthInTextElements > options.MaxNickLength)
        {
            return new NickReading(null, NickFault.TooLong);
        }

        return IsOfOneScript(nick) ? new NickReading(nick) : new NickReading(null, NickFault.Mixed);
    }

    /// <summary>Whether a character may be part of a nick.</summary>
    internal static bool IsAllowed(Rune rune) => ScriptsOf(rune) != 0;

    /// <summary>Whether these are letters with few marks, and digits.</summary>
    /// <param name="nick">The nick, decomposed, so that all marks count.</param>
    private static bool AreLetters(string nick)
    {
        int letter = 0;
        int marks = 0;
        int accents = 0;
        int last = 0;
        foreach (Rune rune in nick.EnumerateRunes())
        {
            int code = rune.Value;
            if (!IsAllowed(rune))
                return false;
            bool isMark = LetterTable.IsIn(LetterTable.Shared.Marks, code);
            if (isMark && (letter == 0 || code == last || ++marks > MaxMarks || (code < 0x370 && ++accents > MaxAccents)))
                return false;
            if (code == Dot && IsDotless(letter))
                return false;
            if (!isMark)
            {
                letter = ZeroOf(code) is null ? code : 0;
                marks = accents = 0;
            }

            last = code;
        }

        return nick.Length > 0;
    }

    /// <summary>Whether a dot above such a letter replaces its own dot, so that nobody sees the mark.</summary>
    private static bool IsDotless(int letter) => letter is 'i' or 'j' or 'ı' or 'ȷ' or 'ɨ' or 'і' or 'ј';

    private static bool IsOfOneScript(string nick)
    {
        UInt128 scripts = s_anyScript;
        int? zero = null;
        foreach (Rune rune in nick.EnumerateRunes())
        {
            scripts &= ScriptsOf(rune);
            int? own = ZeroOf(rune.Value);
            if (scripts == 0 || (zero is not null && own is not null && zero != own))
                return false;
            zero ??= own;
        }

        return true;
    }

    /// <summary>The scripts of a character; 0 if nicks cannot have it.</summary>
    private static UInt128 ScriptsOf(Rune rune)
    {
        UInt128 scripts = 0;
        for (int i = 0; i < s_bits.Length; i++)
        {
            if (LetterTable.IsIn(LetterTable.Shared.Scripts[i].Ranges, rune.Value))
                scripts |= s_bits[i];
        }

        return scripts;
    }

    /// <summary>The zero of a digit's system; null if this is no digit.</summary>
    private static int? ZeroOf(int code)
    {
        foreach (int zero in LetterTable.Shared.Zeros)
        {
            if (code >= zero && code <= zero + 9)
                return zero;
        }

        return null;
    }

    private static UInt128[] BitsOf(params string[][] mixtures)
    {
        IReadOnlyList<(string Name, (int, int)[])> scripts = LetterTable.Shared.Scripts;
        var bits = new UInt128[scripts.Count];
        for (int i = 0; i < bits.Length; i++)
        {
            string script = scripts[i].Name;
            bits[i] = script == "Common" ? s_anyScript : UInt128.One << (mixtures.Length + i);
            for (int mixture = 0; mixture < mixtures.Length; mixture++)
            {
                if (mixtures[mixture].Contains(script))
                    bits[i] |= UInt128.One << mixture;
            }
        }

        return bits;
    }
}
