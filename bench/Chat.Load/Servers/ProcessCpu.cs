using System.ComponentModel;
using System.Globalization;

namespace ErlChat.Load.Servers;

/// <summary>The CPU time of processes, as the kernel counts it: user and system time of all threads.</summary>
internal static class ProcessCpu
{
    /// <summary>The unit of the times in /proc/PID/stat (USER_HZ).</summary>
    private const int TicksPerSecond = 100;

    /// <summary>The time of one process, to the nanosecond.</summary>
    /// <remarks>clock_getcpuclockid(3): the id of a process's CPU-time clock is computed from the process id.</remarks>
    internal static TimeSpan Of(int process) => Clock.CpuTime((~process << 3) | 2);

    /// <summary>
    /// The time of a process and of all children that it has or had, such as a PostgreSQL server with its backends. The children must have
    /// none of their own.
    /// </summary>
    internal static TimeSpan OfFamily(int parent)
    {
        TimeSpan time = Of(parent) + OfEnded(File.ReadAllText($"/proc/{parent}/stat"));
        foreach (int child in ChildrenOf(parent))
        {
            try
            {
                time += Of(child);
            }
            catch (Win32Exception)
            {
                // It has just ended.
            }
        }

        return time;
    }

    /// <summary>The time of the children that have ended, from the content of /proc/PID/stat.</summary>
    internal static TimeSpan OfEnded(string stat)
    {
        // The name of the program, in brackets, may contain anything. After it, the first field is the third.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Number(fields[13]) + Number(fields[14])) / (double)TicksPerSecond);
    }

    internal static int[] ChildrenOf(int process) =>
    [
        .. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
    ];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
