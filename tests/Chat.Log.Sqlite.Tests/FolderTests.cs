using ErlChat.Sqlite;

namespace ErlChat.Tests;

/// <summary>Which folder of the durable log may use which, lowest first. docs/architecture.md says what each folder is for.</summary>
public class FolderTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Files"] = [],
        ["Database"] = ["Files"],
        ["Entries"] = ["Database"],
        ["Log"] = ["Database", "Entries", "Files"],
        ["Members"] = ["Database", "Log"],
        ["History"] = ["Database", "Log"],
        ["Snapshots"] = ["Database", "Files", "History", "Log"],
        ["Forgetting"] = ["Database", "Entries", "History", "Log", "Snapshots"],
        ["Upkeep"] = ["Database", "Files", "History", "Log", "Snapshots"],
        ["Backups"] = ["Database", "Entries", "Files", "History"],
        ["Tool"] = ["Backups", "Database", "Entries", "Files", "History", "Snapshots"],
        ["Salvage"] = ["Database", "Entries", "Files", "History", "Snapshots", "Tool"],

        // These put the parts together, for the server and for the commands.
        [FolderArrows.Root] =
        [
            "Backups", "Database", "Files", "Forgetting", "History", "Log", "Members", "Salvage", "Snapshots", "Tool", "Upkeep",
        ],
    };

    [Fact]
    public void The_folders_of_the_durable_log_use_each_other_in_one_direction()
    {
        IReadOnlyList<string> faults = FolderArrows.Of(typeof(SqliteLogSetup).Assembly, "ErlChat.Sqlite").Compare(s_allowed);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
