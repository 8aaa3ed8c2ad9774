namespace ErlChat.Terminal.Editing;

/// <summary>
/// Recognises a line that may contain a password. Such a line is neither displayed nor recalled. Less exact than the server's check.
/// </summary>
internal static class SecretLine
{
    private static readonly string[] s_words = ["auth", "register", "password"];

    /// <summary>The index after the command, where the password may begin, in any spelling of the command. -1 for other lines.</summary>
    internal static int Start(string line) => s_words.Max(word => Start(line, word));

    private static int Start(string line, string word)
    {
        int matched = 0;
        bool slash = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c is '/' or '\\' or '\u2044' or '\u2215' or '\u29F8' or '\uFF0F' or '\uFF3C')
            {
                slash = true;
            }
            else if (char.IsLetter(c) && c is not ('\u3164' or '\u115F' or '\u1160' or '\uFFA0'))
            {
                char letter = c is >= '\uFF21' and <= '\uFF5A' ? (char)(c - 0xFEE0) : c;
                if (!slash || (letter | 0x20) != word[matched])
                    return -1;
                if (++matched == word.Length)
                    return i + 1;
            }
            else if (!slash && (char.IsDigit(c) || char.IsPunctuation(c) || char.IsSymbol(c)) && c != '\u2800')
            {
                return -1;
            }
        }

        return -1;
    }
}
