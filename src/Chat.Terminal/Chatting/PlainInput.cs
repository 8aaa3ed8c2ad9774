using System.Runtime.CompilerServices;

namespace ErlChat.Terminal.Chatting;

/// <summary>Lines from a pipe or a file.</summary>
internal sealed class PlainInput(TextReader input) : ILineInput
{
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            string? line;
            try
            {
                // A console's reader blocks whatever token it is given: read beside, and left behind when the program ends.
                line = await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                // Told to stop, or there is nothing that can be read: a closed descriptor, a folder.
                yield break;
            }

            if (line is null)
                yield break;
            yield return line;
        }
    }
}
