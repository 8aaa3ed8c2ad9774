namespace ErlChat.Terminal.Editing;

/// <summary>A word that was begun, and the ways to complete it: Tab after Tab, one after the other. Immutable.</summary>
internal sealed class Completion
{
    private readonly string _before;
    private readonly string _behind;
    private readonly string[] _words;
    private readonly int _at;

    private Completion(string before, string behind, string[] words, int at) => (_before, _behind, _words, _at) = (before, behind, words, at);

    internal string Text => _before + _words[_at] + _behind;

    internal int Cursor => _before.Length + _words[_at].Length;

    internal Completion Next() => new(_before, _behind, _words, (_at + 1) % _words.Length);

    /// <summary>
    /// Completes the word before the cursor: a command when the line begins with it, else a nick, which gets a colon at the beginning of a line.
    /// Null when there is no such word.
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
