using System.Security.Cryptography;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// A database that is created under a temporary name. It gets its final name only when it is complete and on the disk. Disposing it before
/// that deletes it.
/// </summary>
internal sealed class NewFile : IDisposable
{
    /// <summary>The suffix of the temporary name.</summary>
    internal const string Partial = ".partial";

    private readonly string _target;
    private bool _isInPlace;

    /// <param name="target">The final name. Its folder is created if it does not exist.</param>
    /// <param name="replace">Whether an existing file of that name may be replaced.</param>
    /// <exception cref="ToolUseException">The file exists and may not be replaced.</exception>
    /// <exception cref="LogStartException">The folder cannot be written.</exception>
    internal NewFile(string target, bool replace)
    {
        _target = target;
        if (Directory.Exists(target))
            throw new ToolUseException($"{target} is a folder.");
        if (!replace && File.Exists(target))
            throw new ToolUseException($"{target} exists already; --force replaces it.");
        Path = $"{target}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Partial}";
        DatabaseFiles.Create(Path);
    }

    /// <summary>The temporary name, in the same folder, so that renaming stays within one file system.</summary>
    internal string Path { get; }

    /// <summary>A connection for filling the file. Its writes need not be durable before <see cref="Place"/>.</summary>
    internal SqliteConnection Connect()
    {
        SqliteConnection connection = FileConnection.Open(Path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA journal_mode = MEMORY");
        connection.Execute("PRAGMA synchronous = OFF");
        connection.Execute("PRAGMA temp_store = MEMORY");
        return connection;
    }

    /// <summary>Syncs the file to the disk and renames it durably. Close every connection to it first.</summary>
    internal void Place(bool replace)
    {
        Sync();
        try
        {
            File.Move(Path, _target, replace);
            FolderSync.Flush(System.IO.Path.GetDirectoryName(_target)!);
        }
        catch (IOException) when (!replace && File.Exists(_target))
        {
            throw new ToolUseException($"{_target} exists already; --force replaces it.");
        }

        _isInPlace = true;
    }

    /// <summary>Syncs the contents to the disk.</summary>
    internal void Sync()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        if (!_isInPlace)
            File.Delete(Path);
    }
}


/// <summary>The operator asked a command for something that it refuses. Nothing was changed. The message is one line.</summary>
internal sealed class ToolUseException(string message) : Exception(message);
