using System.Globalization;
using ErlChat.Sqlite.Backups;

namespace ErlChat.Sqlite.Tool;

/// <summary>
/// Says how far a command is: on a terminal in one line that changes, elsewhere with a line every few seconds, which quick commands never
/// reach.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class ToolProgress(TextWriter error, bool isTerminal, TimeProvider time) : IProgress<LogBackupProgress>
{
    private readonly TimeSpan _pause = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);
    private long _told = time.GetTimestamp();
    private int _width;

    /// <summary>For calls that nobody watches.</summary>
    internal static ToolProgress None { get; } = new(TextWriter.Null, isTerminal: false, TimeProvider.System);

    /// <param name="what">What is being done.</param>
    /// <param name="done">How much of it is done, of <paramref name="all"/>.</param>
    /// <param name="all">In the same unit; 0 when that is not known.</param>
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

    /// <summary>Takes the line away.</summary>
    internal void End()
    {
        if (_width > 0)
            error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }
}
