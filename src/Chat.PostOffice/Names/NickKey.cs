using System.Text;
using ErlChat.Texts;

namespace ErlChat.Names;

/// <summary>
/// What is the same in all spellings of a nick: nobody gets a nick whose key somebody else's nick has. It is Unicode's caseless match: the
/// decomposed form of the full case folding, in no language in particular, so <c>Straße</c> and <c>STRASSE</c> are the same, and <c>ς</c>
/// and <c>σ</c>. In addition, the i's with and without a dot are all <c>i</c>. The key of an ASCII nick is the nick in lower case.
/// </summary>
/// <remarks>
/// The fold uses it, so what it says about a nick must never change. Unicode promises that for normalization and case folding of the
/// characters that it has, and <see cref="LetterTable"/> has them for all nodes alike.
/// </remarks>
internal static class NickKey
{
    private const int Dot = 0x307;

    internal static string Of(string nick)
    {
        if (Ascii.IsValid(nick))
            return nick.ToLowerInvariant();
        var folded = new StringBuilder(nick.Length);
        foreach (Rune rune in Composition.Of(nick).EnumerateRunes())
        {
            if (rune.Value == 'ı')
                folded.Append('i');
            else if (LetterTable.Shared.Folds.TryGetValue(rune.Value, out int[]? fold))
                folded.AppendJoin("", fold.Select(char.ConvertFromUtf32));
            else
                folded.Append(rune.ToString());
        }

        var key = new StringBuilder(folded.Length);
        bool isDotted = false;
        foreach (Rune rune in Composition.Split(folded.ToString()).EnumerateRunes())
        {
            if (rune.Value == Dot && isDotted)
                continue;
            isDotted = rune.Value is 'i' or 'j' || (isDotted && LetterTable.Shared.Classes.ContainsKey(rune.Value));
            key.Append(rune.ToString());
        }

        return key.ToString();
    }
}
