using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>For operators, from the command line: look at, check and tidy a database without a server.</summary>
public static class LogTool
{
    private const string Usage = """
        log export  [--path FILE]   write the entries to the output, one JSON object a line; a server may be running
        log verify  [--path FILE]   check every page, entry, snapshot and the search index; a server may be running
        log compact [--path FILE]   make the search index anew and give unused space back to the disk; no server may be running
        """;

    /// <summary>Runs a command.</summary>
    /// <param name="args">The command and its options.</param>
    /// <param name="path">The database, unless the options name another.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For what went wrong.</param>
    /// <returns>The exit code: 0 when all is well, 1 when something is wrong with the database, 2 when the command is.</returns>
    public static int Run(string[] args, string path, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        (string? command, string? file) = args switch
        {
            [string one] => (one, path),
            [string one, "--path", string named] => (one, Path.GetFullPath(named)),
            _ => (null, null),
        };
        Func<string, TextWriter, int>? run = command switch
        {
            "export" => LogExport.Run,
            "verify" => LogVerify.Run,
            "compact" => Compact,
            _ => null,
        };
        if (run is null)
        {
            error.WriteLine(Usage);
            return 2;
        }

        try
        {
            SqliteLibrary.Load();
            if (!File.Exists(file))
                throw new LogStartException($"{file} does not exist.");
            return run(file, output);
        }
        catch (SqliteException e)
        {
            error.WriteLine(DatabaseCheck.Explain(file!, e).Message);
            return 1;
        }
        catch (IOException e)
        {
            error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Compact(string path, TextWriter output)
    {
        using DatabaseLock taken = DatabaseLock.Take(path);
        long before = new FileInfo(path).Length;
        using (SqliteConnection connection = ChatDatabase.Connect(path, SqliteOpenMode.ReadWrite))
        {
            if (!Schema.IsThere(connection, path))
                throw new LogStartException($"{path} is empty.");
            using (SqliteTransaction transaction = connection.BeginTransaction())
            {
                SearchIndex.Rebuild(connection);
                transaction.Commit();
            }

            connection.Execute("INSERT INTO message_text (message_text) VALUES ('optimize')");
            connection.Execute("VACUUM");
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        output.WriteLine($"{path}: {before} bytes, now {new FileInfo(path).Length}.");
        return 0;
    }
}
