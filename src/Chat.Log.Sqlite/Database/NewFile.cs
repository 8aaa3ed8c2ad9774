using System.Security.Cryptography;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// A database that is being made under another name, and gets its own only when it is whole and on the disk. Disposing it before that takes
/// it away.
/// </summary>
internal sealed class NewFile : IDisposable
{
    /// <summary>The end of the temporary name.</summary>
    internal const string Partial = ".partial";

    private readonly string _target;
    private bool _isInPlace;

    /// <param name="target">Where it is to be; its folder is made when it is not there.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <exception cref="ToolUseException">There is one.</exception>
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

    /// <summary>What it is called until then: beside its place, so that the last step is one within a file system.</summary>
    internal string Path { get; }

    /// <summary>A connection for filling it. Nothing of it need be safe before <see cref="Place"/>.</summary>
    internal SqliteConnection Connect()
    {
        SqliteConnection connection = FileConnection.Open(Path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA journal_mode = MEMORY");
        connection.Execute("PRAGMA synchronous = OFF");
        connection.Execute("PRAGMA temp_store = MEMORY");
        return connection;
    }

    /// <summary>Brings it onto the disk and gives it its name, durably. Every connection to it is closed.</summary>
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

    /// <summary>Brings its bytes onto the disk.</summary>
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


/// <summary>A command was asked for something that it does not do. Nothing was changed; the message is one line.</summary>
internal sealed class ToolUseException(string message) : Exception(message);
