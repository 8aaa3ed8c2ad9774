namespace ErlChat.Terminal.Editing;

/// <summary>The questions for passwords that follow a command. The answers are neither displayed nor recalled. Not thread-safe.</summary>
internal sealed class SecretDialog
{
    private const string Again = "repeat it: ";

    private static readonly Dictionary<string, string[]> s_questions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/auth"] = ["administrators' password: "],
        ["/register"] = ["new password: ", Again],
        ["/password"] = ["current password: ", "new password: ", Again],
    };

    private readonly string[] _questions;
    private readonly List<string> _answers = [];

    private SecretDialog(string command, string[] questions) => (Command, _questions) = (command, questions);

    /// <summary>The command; <c>/register</c> with its invitation.</summary>
    internal string Command { get; }

    internal string Question => _questions[_answers.Count];

    internal IReadOnlyList<string> Answers => _answers;

    /// <summary>The dialog that a line begins: one of the commands alone, or <c>/register</c> with an invitation; null for none.</summary>
    internal static SecretDialog? Of(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || !s_questions.TryGetValue(words[0], out string[]? questions))
            return null;
        string command = words[0].ToLowerInvariant();
        return words.Length == 1 ? new SecretDialog(command, questions)
            : words.Length == 2 && command == "/register" ? new SecretDialog($"{command} {words[1]}", questions)
            : null;
    }

    /// <summary>Takes an answer. Returns whether it was the last one.</summary>
    internal bool Answer(string text)
    {
        _answers.Add(text);
        return _answers.Count == _questions.Length;
    }
}
