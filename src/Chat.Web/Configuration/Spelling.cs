namespace ErlChat.Web.Configuration;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
internal static class Spelling
{
    /// <summary>
    /// Whether a name is probably a misspelling of a known one: at most one change in a name of up to four letters, two in a longer one.
    /// Two swapped letters count as one change.
    /// </summary>
    internal static bool IsNear(string name, string known) => Distance(name, known) <= (known.Length <= 4 ? 1 : 2);

    /// <summary>
    /// How many letters must be changed, added, removed or swapped with the next to turn one text into the other. Ignores case.
    /// </summary>
    internal static int Distance(string one, string other)
    {
        (one, other) = (one.ToUpperInvariant(), other.ToUpperInvariant());
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        int[] before = [];
        for (int i = 1; i <= one.Length; i++)
        {
            int[] next = new int[row.Length];
            next[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = row[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                next[j] = Math.Min(replaced, Math.Min(row[j], next[j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
            }

            (before, row) = (row, next);
        }

        return row[^1];
    }
}
