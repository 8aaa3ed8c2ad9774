using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>Checks a database and reports what is wrong with it.</summary>
internal static class VerifyCommand
{
    internal static int Run(ToolCall call)
    {
        using SqliteConnection connection = FileConnection.Open(call.Path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, call.Path, orBackup: true))
            throw new LogStartException($"{call.Path} is empty.");
        var verify = new LogVerify(connection, call.Output, (done, all) => call.Progress.Report("Checking", done, all), call.Cancelled);
        int problems = verify.Run();
        call.Progress.End();
        if (problems == 0)
        {
            call.Output.WriteLine("All is well.");
            return 0;
        }

        call.Say($"{problems} problems. `log reindex` repairs the history, a backup or `log salvage` the rest; see docs/durability.md.");
        return 1;
    }
}
