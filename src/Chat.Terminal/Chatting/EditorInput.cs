using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErlChat.Terminal.Editing;

namespace ErlChat.Terminal.Chatting;

/// <summary>
/// Lines from a user at a terminal, through the line editor. Ctrl+C and Ctrl+D are the line <c>/quit</c>. The input just ends if the
/// terminal is gone.
/// </summary>
internal sealed class EditorInput(LineEditor editor, PromptScreen screen) : ILineInput
{
    /// <summary>How many keys may be queued. More come from a paste and wait in the terminal.</summary>
    private const int MaxKeys = 1024;

    public async IAsyncEnumerable<TypedLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<ConsoleKeyInfo> keys = Channel.CreateBounded<ConsoleKeyInfo>(MaxKeys);

        // Reading a key blocks and cannot be cancelled. A background thread does not keep the program alive.
        new Thread(() => ReadKeys(keys.Writer)) { IsBackground = true, Name = "keys" }.Start();
        screen.Typed("", 0);
        while (true)
        {
            ConsoleKeyInfo key;
            try
            {
                key = await keys.Reader.ReadAsync(cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                yield break;
            }

            EditResult result = editor.Apply(key);
            screen.Typed(editor.Shown, editor.ShownCursor);
            switch (result)
            {
                case EditResult.Submitted:
                    yield return new TypedLine(editor.Submitted, editor.Secrets);
                    break;
                case EditResult.Interrupted or EditResult.EndOfInput:
                    yield return new TypedLine("/quit", []);
                    yield break;
            }
        }
    }

    private static void ReadKeys(ChannelWriter<ConsoleKeyInfo> keys)
    {
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                while (!keys.TryWrite(key))
                    keys.WaitToWriteAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            keys.TryComplete();
        }
    }
}
