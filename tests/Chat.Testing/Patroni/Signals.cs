using System.Globalization;
using System.Runtime.InteropServices;

namespace ErlChat.Testing.Patroni;

/// <summary>Signals to processes, by their ids.</summary>
internal static partial class Signals
{
    internal const int Kill = 9;
    internal const int Continue = 18;
    internal const int Stop = 19;

    /// <summary>Sends a signal. A process that has ended in the meantime is no error.</summary>
    internal static void Send(int signal, params IEnumerable<int> processes)
    {
        foreach (int process in processes)
            _ = SendOne(process, signal);
    }

    /// <summary>The processes that a process has started and that still run; none if it has ended itself.</summary>
    internal static IReadOnlyList<int> ChildrenOf(int process)
    {
        try
        {
            string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task/{process}/children"));
            string[] ids = children.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. ids.Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Whether a process runs and its command line has a word. The id of one that has ended may be another's by now.</summary>
    internal static bool Runs(int process, string word)
    {
        try
        {
            string command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline"));
            return command.Contains(word, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendOne(int process, int signal);
}
