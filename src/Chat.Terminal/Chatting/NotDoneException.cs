namespace ErlChat.Terminal.Chatting;

/// <summary>A line that the program itself refused. For a script, this is a failure like a refusal by the server.</summary>
/// <param name="word">The reason for scripts.</param>
/// <param name="sentence">The reason for users.</param>
internal sealed class NotDoneException(string word, string sentence) : Exception(sentence)
{
    internal string Word { get; } = word;
}
