using System.Text;

namespace ErlChat.Web.Admin;

/// <summary>Reads a line at a terminal without showing it.</summary>
internal static class HiddenLine
{
    /// <returns>The line, or null if the user pressed Ctrl-D instead.</returns>
    internal static string? Read(Func<ConsoleKeyInfo> nextKey)
    {
        var line = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = nextKey();
            bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key == ConsoleKey.Enter)
                return line.ToString();
            if (control && key.Key == ConsoleKey.D)
                return null;
            if (control && key.Key == ConsoleKey.U)
                line.Clear();
            else if (key.Key == ConsoleKey.Backspace)
                RemoveLast(line);
            else if (!char.IsControl(key.KeyChar))
                line.Append(key.KeyChar);
        }
    }

    /// <summary>Removes the last character, which may be two UTF-16 units.</summary>
    private static void RemoveLast(StringBuilder line)
    {
        int units = line.Length > 1 && char.IsLowSurrogate(line[^1]) ? 2 : Math.Min(line.Length, 1);
        line.Length -= units;
    }
}
