using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>Which folder of the domain may use which, lowest first. docs/architecture.md says what each folder is for.</summary>
public class FolderTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Settings"] = [],
        ["Logging"] = [],
        ["Health"] = [],
        ["Texts"] = [],
        ["Names"] = ["Settings", "Texts"],
        ["Outcomes"] = ["Names", "Texts"],
        ["Sessions"] = ["Names", "Outcomes"],
        ["Nodes"] = ["Sessions"],
        ["Postings"] = ["Names", "Sessions"],
        ["Log"] = ["Postings", "Sessions", "Texts"],
        ["Members"] = ["Log", "Sessions"],
        ["Serialization"] = ["Log", "Sessions"],
        ["Limits"] = ["Outcomes", "Sessions", "Settings"],
        ["Telemetry"] = ["Health", "Log", "Logging", "Outcomes"],
        ["Mailboxes"] = ["Names", "Postings", "Sessions", "Settings"],
        ["State"] = ["Log", "Names", "Outcomes", "Postings", "Sessions"],
        ["Snapshots"] = ["Names", "Outcomes", "State", "Telemetry"],
        ["History"] = ["Log", "Mailboxes", "Names", "Postings", "Sessions", "Settings", "State", "Texts"],
        ["Delivery"] = ["History", "Log", "Mailboxes", "Nodes", "Postings", "Sessions", "Settings", "Telemetry"],
        ["Appending"] = ["Log", "Nodes", "Outcomes", "Serialization", "Telemetry", "Texts"],
        ["Following"] =
        [
            "Appending", "Delivery", "Limits", "Log", "Outcomes", "Postings", "Sessions", "Snapshots", "State", "Telemetry",
        ],
        ["Rooms"] =
        [
            "Appending", "Delivery", "Following", "Health", "History", "Limits", "Log", "Mailboxes", "Members", "Names", "Nodes",
            "Outcomes", "Sessions", "Settings", "Snapshots", "State", "Telemetry", "Texts",
        ],
        ["Commands"] = ["Names", "Nodes", "Outcomes", "Rooms", "Sessions", "State", "Texts"],
        ["Submissions"] =
        [
            "Commands", "Delivery", "Limits", "Mailboxes", "Names", "Outcomes", "Rooms", "Sessions", "Settings", "Texts",
        ],
        ["Appointing"] = ["Log", "Logging", "Members", "Names", "Outcomes", "Rooms"],
        ["Forgetting"] = ["Log", "Logging", "Names", "Nodes", "Outcomes", "Rooms", "Sessions", "Settings"],
        ["Eviction"] = ["Delivery", "Logging", "Mailboxes", "Nodes", "Outcomes", "Rooms", "Sessions", "Settings"],
    };

    [Fact]
    public void The_folders_of_the_domain_use_each_other_in_one_direction()
    {
        IReadOnlyList<string> faults = FolderArrows.Of(typeof(ChatRoom).Assembly, "ErlChat").Compare(s_allowed);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>
    /// Checks the comparison itself, with a table that allows too little, one that allows too much, and one with a cycle.
    /// </summary>
    [Fact]
    public void A_table_that_differs_from_the_code_is_reported()
    {
        var wrong = new Dictionary<string, string[]>(s_allowed) { ["Names"] = [], ["Texts"] = ["Settings"], ["Attic"] = [] };
        wrong.Remove("Health");
        IReadOnlyList<string> faults = FolderArrows.Of(typeof(ChatRoom).Assembly, "ErlChat").Compare(wrong);
        Assert.Contains(faults, fault => fault.StartsWith("Names must not use Texts: ", StringComparison.Ordinal));
        Assert.Contains("Texts may use Settings, but does not: take the arrow out of the table.", faults);
        Assert.Contains("The table has Attic, where there is no code.", faults);
        Assert.Contains("The table does not have Health.", faults);
        Assert.DoesNotContain(faults, fault => fault.Contains("circle", StringComparison.Ordinal));

        wrong["Texts"] = ["Sessions"];
        Assert.Contains(
            FolderArrows.Of(typeof(ChatRoom).Assembly, "ErlChat").Compare(wrong),
            fault => fault.StartsWith("The table has a circle among ", StringComparison.Ordinal));
    }
}
