using System.Text;

namespace ErlChat.Texts;

/// <summary>
/// What a name may be made of, wherever it comes from: only what can be seen. No control, format (bidi controls and joiners among them),
/// invisible, private-use or unassigned characters; as few marks on a letter as in texts; single blanks between words and none around them.
/// How long it may be is each wire's own rule.
/// </summary>
internal static class NameRule
{
    /// <summary>Whether a name may be given.</summary>
    internal static bool IsName(string name, int maxMarksPerLetter)
    {
        int marks = 0;
        bool afterBlank = true;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool isBlank = rune.Value == ' ';
            if (!isBlank && (!Characters.IsVisible(rune) || Characters.IsUnknown(rune)))
                return false;
            if (isBlank && afterBlank)
                return false;
            marks = Characters.IsMark(rune) ? marks + 1 : 0;
            if (marks > maxMarksPerLetter || (marks > 0 && afterBlank))
                return false;
            afterBlank = isBlank;
        }

        // Also false for the empty name.
        return !afterBlank;
    }
}
