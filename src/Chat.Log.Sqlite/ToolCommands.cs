using System.CommandLine;
using System.CommandLine.Help;
using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Salvage;
using ErlChat.Sqlite.Tool;

namespace ErlChat.Sqlite;

/// <summary>The commands of the tool, with their help.</summary>
internal static class ToolCommands
{
    private const string Codes = "Exit codes: 0 success, 1 something is wrong with the data, 2 wrong command line.";

    internal static Command Create(ToolCall call)
    {
        var path = new Option<FileInfo>("--path")
        {
            Description = "the database; by default Log:Path from the configuration",
            HelpName = "FILE",
            Recursive = true,
        };
        var root = new Command("log", $"Manage the chat's database. {Codes}")
        {
            Backup(),
            Restore(),
            Verify(),
            Salvage(),
            Import(),
            Export(),
            Reindex(),
            Compact(),
        };
        root.Options.Add(path);
        root.Options.Add(new HelpOption());
        return root;

        Command Backup()
        {
            Argument<FileInfo> file = File("where to write it");
            Option<bool> force = Force("replace an existing file of that name, once the new one is complete");
            const string help = "write a checked copy of the database as it is now; a server may be running";
            return Add(new Command("backup", help) { file, force }, true, (parsed, at) =>
            {
                var backup = new LogBackup(at.Path);
                LogBackupResult made = backup.Write(parsed.GetValue(file)!.FullName, parsed.GetValue(force), at.Progress, at.Cancelled);
                at.Progress.End();
                if (made.Problems == 0)
                {
                    at.Say($"{made.File}: {made.Entries} entries up to {made.Newest}, {made.Bytes} bytes. All is well.");
                    return 0;
                }

                at.Say($"{made.File}: {made.Entries} entries up to {made.Newest}, {made.Bytes} bytes.");
                at.Complain($"The database, and so the backup, is damaged (findings: {made.Problems}): {made.FirstProblem}");
                at.Complain($"`log verify` lists them, and `log salvage` makes a sound database.");
                return 1;
            });
        }

        Command Restore()
        {
            Argument<FileInfo> file = File("the backup");
            Option<bool> force = Force("remove the previous database instead of keeping it next to the restored one");
            const string help = "replace the database with a backup, with a new epoch and sequences above all earlier ones; no server may "
                + "be running";
            return Add(
                new Command("restore", help) { file, force },
                false,
                (parsed, at) => LogRestore.Run(at, parsed.GetValue(file)!.FullName, parsed.GetValue(force)));
        }

        Command Verify() => Add(
            new Command("verify", "check every page, entry, checksum and snapshot, the history and its index; a server may be running"),
            true,
            (_, at) => VerifyCommand.Run(at));

        Command Salvage()
        {
            Argument<FileInfo> file = File("the new database");
            Option<bool> force = Force("replace an existing file of that name");
            const string help = "create a sound database from what can be read in a damaged one, which is not changed; no server may be "
                + "running";
            return Add(
                new Command("salvage", help) { file, force },
                false,
                (parsed, at) => LogSalvage.Run(at, parsed.GetValue(file)!.FullName, parsed.GetValue(force)));
        }

        Command Import()
        {
            var file = new Argument<string>("FILE") { Description = "a file written by export; - for standard input" };
            Option<bool> force = Force("replace the database");
            return Add(
                new Command("import", "create a new database from an export, all of it or nothing; no server may be "
                    + "running") { file, force },
                false,
                (parsed, at) => LogImport.Run(at, parsed.GetValue(file)!, parsed.GetValue(force)));
        }

        Command Export() => Add(
            new Command("export", "write the entries to standard output, one JSON object per line; a server may be running"),
            true,
            (_, at) => LogExport.Run(at));

        Command Reindex() => Add(
            new Command("reindex", "rebuild the history and its search index from the entries; no server may be running"),
            true,
            (_, at) => LogReindex.Run(at));

        Command Compact() => Add(
            new Command("compact", "return unused space to the disk, add checksums to old entries, and rebuild the search index; no "
                + "server may be running"),
            true,
            (_, at) => LogReindex.Compact(at));

        Command Add(Command command, bool needsDatabase, Func<ParseResult, ToolCall, int> run)
        {
            command.SetAction(parsed =>
            {
                // The companion files of the database, above all its WAL, lie next to the real file.
                ToolCall at = call with { Path = RealPath.Of(parsed.GetValue(path)?.FullName ?? call.Path) };
                if (needsDatabase && !System.IO.File.Exists(at.Path))
                    throw new LogStartException($"{at.Path} does not exist.");
                return run(parsed, at);
            });
            return command;
        }
    }

    private static Argument<FileInfo> File(string description) => new("FILE") { Description = description };

    private static Option<bool> Force(string description) => new("--force") { Description = description };
}
