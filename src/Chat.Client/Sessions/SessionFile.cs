using System.Text;

namespace ErlChat.Client;

/// <summary>
/// A file that keeps a session from one run of a program to the next. It is created with mode 600. While it is open, no other program can
/// open it, so that two programs do not read one session.
/// </summary>
/// <remarks>Not thread-safe. A program that is killed loses nothing: each save is one write.</remarks>
public sealed class SessionFile : IDisposable
{
    private const int MaxLength = 64 * 1024;

    private readonly FileStream _file;
    private readonly string _path;

    private SessionFile(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Opens a file, or creates it. Its folder must exist.</summary>
    /// <exception cref="PrivateFileException">
    /// The file cannot be opened, others may read it, another program has it open (<see cref="PrivateFileException.IsInUse"/>), or it is
    /// not a file.
    /// </exception>
    public static SessionFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream? file = null;
        try
        {
            file = new FileStream(path, options);
            PrivateFile.ThrowUnlessPrivate(file.SafeFileHandle, path);
            if (!file.CanSeek)
                throw new PrivateFileException($"{path} is not a file.");
            return new SessionFile(file, path);
        }
        catch (PrivateFileException)
        {
            file?.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            bool inUse = IsSharingViolation(e);
            string why = inUse ? "is in use by another program." : $"cannot be opened: {e.Message}";
            throw new PrivateFileException($"{path} {why}", e) { IsInUse = inUse };
        }
    }

    /// <summary>The stored session; null if the file is empty.</summary>
    /// <exception cref="PrivateFileException">The file contains something else, or cannot be read.</exception>
    public StoredSession? Load()
    {
        try
        {
            if (_file.Length == 0)
                return null;
            if (_file.Length > MaxLength)
                throw new FormatException("This is not a stored session.");
            byte[] bytes = new byte[_file.Length];
            int length = RandomAccess.Read(_file.SafeFileHandle, bytes, 0);
            return StoredSession.Parse(Encoding.UTF8.GetString(bytes.AsSpan(0, length)));
        }
        catch (FormatException e)
        {
            throw new PrivateFileException($"{_path} does not contain a stored session. Choose another file, or delete it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PrivateFileException($"{_path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Stores a session instead of the one before.</summary>
    /// <exception cref="PrivateFileException">The file cannot be written.</exception>
    public void Save(StoredSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        try
        {
            // Blanks at the end instead of a shorter file, so that it is one write.
            byte[] json = Encoding.UTF8.GetBytes(session.ToJson());
            byte[] bytes = new byte[Math.Max(json.Length + 1, _file.Length)];
            bytes.AsSpan().Fill((byte)' ');
            json.CopyTo(bytes, 0);
            bytes[^1] = (byte)'\n';
            RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PrivateFileException($"{_path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Empties the file, because the session has ended.</summary>
    /// <exception cref="PrivateFileException">The file cannot be written.</exception>
    public void Clear()
    {
        try
        {
            _file.SetLength(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PrivateFileException($"{_path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Closes the file. What it contains stays.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsSharingViolation(Exception e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
