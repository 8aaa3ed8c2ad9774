namespace ErlChat.Terminal.Editing;

/// <summary>A partly typed word and its completions. Each Tab selects the next one. Immutable.</summary>
internal sealed class Completion
{
    private readonly string _before;
    private readonly string _behind;
    private readonly string[] _words;
    private readonly int _at;

    private Completion(string before, string behind, string[] words, int at) =>
        (_before, _behind, _words, _at) = (before, behind, words, at);

    internal string Text => _before + _words[_at] + _behind;

    internal int Cursor => _before.Length + _words[_at].Length;

    internal Completion Next() => new(_before, _behind, _words, (_at + 1) % _words.Length);

    /// <summary>
    /// Completes the word before the cursor: a command if the line begins with it, otherwise a nick. A nick at the beginning of a line gets
    /// a colon. Null if nothing matches.
    /// </summary>
    internal static Completion? Of(string text, int cursor, IEnumerable<string> commands, IEnumerable<string> nicks)
    {
        int start = text.LastIndexOf(' ', Math.Max(0, cursor - 1), cursor) + 1;
        string begun = text[start..cursor];
        if (begun.Length == 0)
            return null;
        bool first = start == 0;
        bool command = first && begun[0] == '/';
        string[] words =
        [
            .. (command ? commands : nicks)
                .Where(word => word.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(word => word + (first && !command ? ": " : " ")),
        ];
        return words.Length == 0 ? null : new Completion(text[..start], text[cursor..].TrimStart(' '), words, 0);
    }
}
