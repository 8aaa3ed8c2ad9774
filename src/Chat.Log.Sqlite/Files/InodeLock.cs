using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ErlChat.Sqlite.Files;

/// <summary>
/// A lock on the database file itself, which works for any of its names: two hard links have two separate lock files. Only on Linux, whose
/// open file description locks, unlike other locks, survive when another descriptor of the same file is closed. It locks one byte beyond
/// all that SQLite locks.
/// </summary>
/// <remarks>Closing it drops SQLite's own locks on the file, so dispose it only when no connection is open any more.</remarks>
internal sealed partial class InodeLock : IDisposable
{
    private const int SetLock = 37;
    private const short WriteLock = 1;
    private const short Unlock = 2;
    private const int TryAgain = 11;
    private const int AccessDenied = 13;

    private readonly SafeFileHandle _file;

    private InodeLock(SafeFileHandle file) => _file = file;

    /// <summary>
    /// Takes the lock. Returns null if another process holds it (then <paramref name="isTaken"/> is true), or if this system has no such
    /// lock.
    /// </summary>
    internal static InodeLock? TryTake(string database, out bool isTaken)
    {
        isTaken = false;
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !File.Exists(database))
            return null;
        SafeFileHandle file = File.OpenHandle(database, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Range range = RangeOf(WriteLock);
        if (Fcntl(file, SetLock, ref range) == 0)
            return new InodeLock(file);
        isTaken = Marshal.GetLastPInvokeError() is TryAgain or AccessDenied;
        file.Dispose();
        return null;
    }

    public void Dispose()
    {
        // Closing is not enough: a process that is being started at this moment has a copy of the handle until its program begins, and the
        // lock would stay until then.
        Range range = RangeOf(Unlock);
        _ = Fcntl(_file, SetLock, ref range);
        _file.Dispose();
    }

    private static Range RangeOf(short type) => new() { Type = type, Start = long.MaxValue - 1, Length = 1 };

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, ref Range range);

    /// <summary>C's <c>struct flock</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }
}
