using System.Globalization;
using ErlChat.Sqlite.Backups;

namespace ErlChat.Sqlite.Tool;

/// <summary>
/// Shows the progress of a command: on a terminal in one line that changes, elsewhere as a line every few seconds. Quick commands show
/// nothing.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class ToolProgress(TextWriter error, bool isTerminal, TimeProvider time) : IProgress<LogBackupProgress>
{
    private readonly TimeSpan _pause = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);
    private long _told = time.GetTimestamp();
    private int _width;

    /// <summary>Discards all progress.</summary>
    internal static ToolProgress None { get; } = new(TextWriter.Null, isTerminal: false, TimeProvider.System);

    /// <param name="what">What is being done.</param>
    /// <param name="done">How much is done, out of <paramref name="all"/>.</param>
    /// <param name="all">The total, in the same unit; 0 if it is unknown.</param>
    internal void Report(string what, long done, long all)
    {
        if (time.GetElapsedTime(_told) < _pause)
            return;
        _told = time.GetTimestamp();
        string line = all > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{what}: {Math.Min(100, done * 100.0 / all):F0} %")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: {done}");
        if (!isTerminal)
        {
            error.WriteLine(line);
            return;
        }

        error.Write("\r" + line.PadRight(_width));
        error.Flush();
        _width = line.Length;
    }

    void IProgress<LogBackupProgress>.Report(LogBackupProgress value) =>
        Report(value.Step == LogBackupStep.Copying ? "Copying" : "Checking the copy", (long)(value.Fraction * 1000), 1000);

    /// <summary>Clears the line.</summary>
    internal void End()
    {
        if (_width > 0)
            error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }
}
