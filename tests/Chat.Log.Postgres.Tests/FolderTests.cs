using ErlChat.Postgres.Schema;

namespace ErlChat.Tests;

/// <summary>Which folder of the log in PostgreSQL may use which, lowest first. docs/architecture.md says what each folder is for.</summary>
public class FolderTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Connections"] = [],
        ["Schema"] = ["Connections"],
        ["Members"] = ["Connections"],
        ["Nodes"] = ["Connections", "Schema"],
        ["Log"] = ["Connections", "Schema"],

        ["History"] = ["Connections", "Nodes"],
        ["Snapshots"] = ["Connections", "History", "Log", "Nodes", "Schema"],
        ["Forgetting"] = ["Connections", "Nodes", "Snapshots"],
        ["Upkeep"] = ["Connections", "History", "Nodes", "Snapshots"],

        // What puts the parts together.
        [FolderArrows.Root] = ["Connections", "Forgetting", "History", "Log", "Members", "Nodes", "Schema", "Snapshots", "Upkeep"],
    };

    [Fact]
    public void The_folders_of_the_log_in_PostgreSQL_use_each_other_in_one_direction()
    {
        IReadOnlyList<string> faults = FolderArrows.Of(typeof(Migrations).Assembly, "ErlChat.Postgres").Compare(s_allowed);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
