using System.Runtime.InteropServices;

namespace ErlChat.Sqlite.Files;

/// <summary>Syncs a folder to the disk. Without it, a file that was renamed may have its old name again after a power failure.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Does nothing on Windows, where renaming needs no sync, and on file systems that cannot sync folders.</summary>
    /// <exception cref="IOException">The folder cannot be opened.</exception>
    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(folder, ReadOnly);
        if (handle < 0)
            throw new IOException($"{folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");

        // Some network file systems refuse. The file's contents are on the disk in any case.
        _ = Flush(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
