namespace ErlChat.Terminal.Chatting;

/// <summary>A line that was not done, by the program's own decision: for a script that is a failure like a refusal of the server.</summary>
/// <param name="word">For scripts.</param>
/// <param name="sentence">For people.</param>
internal sealed class NotDoneException(string word, string sentence) : Exception(sentence)
{
    internal string Word { get; } = word;
}
