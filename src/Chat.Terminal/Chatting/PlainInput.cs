using System.Runtime.CompilerServices;

namespace ErlChat.Terminal.Chatting;

/// <summary>Lines from a pipe or a file.</summary>
internal sealed class PlainInput(TextReader input) : ILineInput
{
    public async IAsyncEnumerable<TypedLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            string? line;
            try
            {
                // A console's reader blocks even if its token is cancelled. So read on another thread, and abandon that at the end.
                line = await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                // Asked to stop, or the input cannot be read: a closed descriptor, a folder.
                yield break;
            }

            if (line is null)
                yield break;
            yield return new TypedLine(line, []);
        }
    }
}
