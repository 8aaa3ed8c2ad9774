using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ErlChat.Client;

/// <summary>
/// Files with secrets. They are used only if nobody but their owner may read or write them (mode 600 or 400). On Windows, which has no
/// modes, this is not checked.
/// </summary>
public static class PrivateFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The most bytes that are read of a file with a password.</summary>
    private const int MaxSecret = 4096;

    /// <summary>Reads a secret, such as a password: the first line of a file, in UTF-8, without its line end.</summary>
    /// <exception cref="PrivateFileException">
    /// The file cannot be read, is not private, is longer than 4 KiB, or its first line is empty.
    /// </exception>
    public static string ReadSecret(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes = new byte[MaxSecret + 1];
        int length;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            ThrowUnlessPrivate(file.SafeFileHandle, path);
            length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException and not PrivateFileException || e is UnauthorizedAccessException)
        {
            throw new PrivateFileException($"{path} cannot be read: {e.Message}", e);
        }

        if (length > MaxSecret)
            throw new PrivateFileException($"{path} is too long for a password.");
        string line = Encoding.UTF8.GetString(bytes.AsSpan(0, length)).TrimStart('\uFEFF').Split('\n')[0].TrimEnd('\r');
        return line.Length > 0 ? line : throw new PrivateFileException($"The first line of {path} is empty.");
    }

    /// <exception cref="PrivateFileException">Others may read or write the file.</exception>
    internal static void ThrowUnlessPrivate(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode mode = File.GetUnixFileMode(file);
        if ((mode & Others) != UnixFileMode.None)
        {
            throw new PrivateFileException(
                $"{path} may be read or changed by others (mode {Convert.ToString((int)mode & 0x1FF, 8)}). Change that: chmod 600 {path}");
        }
    }
}

/// <summary>A file with a secret cannot be used. The message says why, and what to do.</summary>
public sealed class PrivateFileException : IOException
{
    internal PrivateFileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the only reason is that another program has the file open.</summary>
    public bool IsInUse { get; internal init; }
}
