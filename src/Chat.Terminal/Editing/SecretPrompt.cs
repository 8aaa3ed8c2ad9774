using System.Text;

namespace ErlChat.Terminal.Editing;

/// <summary>Asks for a password before the chat begins.</summary>
internal static class SecretPrompt
{
    /// <summary>Longer than any server accepts.</summary>
    private const int MaxLength = 1024;

    /// <summary>Asks, without echo. Null if the user gives up (Ctrl+C, Ctrl+D, Esc, or nothing typed). Blocks.</summary>
    internal static string? Read(TextWriter output, string question)
    {
        // This also switches the echo off. ReadKey would do that only when it is called, and the terminal would show what was typed between
        // the question and that.
        Console.TreatControlCAsInput = true;
        try
        {
            output.Write(question);
            string? text = ReadLine();
            output.Write("\r\n");
            return text;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static string? ReadLine()
    {
        var text = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key == ConsoleKey.Escape || (control && key.Key is ConsoleKey.C or ConsoleKey.D))
                return null;
            if (key.Key == ConsoleKey.Enter || (control && key.Key == ConsoleKey.J))
                return text.Length > 0 ? text.ToString() : null;
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar) && text.Length < MaxLength)
                text.Append(key.KeyChar);
        }
    }
}
