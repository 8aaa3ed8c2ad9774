using ErlChat.Log;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;

namespace ErlChat.Tests;

/// <summary>Runs the tool in this process, on a test's database.</summary>
internal sealed class Tools(SqliteParts parts)
{
    /// <summary>What the last command wrote to its output.</summary>
    internal string Output { get; private set; } = "";

    /// <summary>What it wrote to its error output.</summary>
    internal string Error { get; private set; } = "";

    /// <summary>Runs a command.</summary>
    /// <returns>Its exit code.</returns>
    internal int Run(params string[] args) => Run(CancellationToken.None, args);

    internal int Run(CancellationToken cancelled, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = LogTool.Run(args, parts.File, output, error, cancellationToken: cancelled);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Runs a command that is to succeed.</summary>
    internal void Do(params string[] args)
    {
        int code = Run(args);
        Assert.True(code == 0, $"log {string.Join(' ', args)}: {code}\n{Output}{Error}");
    }

    /// <summary>A name in the test's folder.</summary>
    internal string Named(string name) => Path.Combine(parts.Folder, name);

    /// <summary>The texts that were said according to the entries of a file, in order.</summary>
    internal static List<string> Said(string file)
    {
        using var connection = FileConnection.Open(file, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        return [.. new EntryWalk(connection, CancellationToken.None).Run().Select(stored => stored.Entry).OfType<Said>()
            .Select(said => said.Text)];
    }
}
