using System.Text;

namespace ErlChat.Texts;

/// <summary>
/// What a name may contain, whichever door it comes from: only visible characters. No control, format (such as bidi controls and joiners),
/// invisible, private-use or unassigned characters; no more marks on a letter than in texts; single blanks between words, and none around
/// them. Each wire has its own rule for the length.
/// </summary>
internal static class NameRule
{
    /// <summary>Whether a name is allowed.</summary>
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
