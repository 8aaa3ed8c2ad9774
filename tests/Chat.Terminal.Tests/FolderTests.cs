using ErlChat.Terminal.Verbs;

namespace ErlChat.Terminal.Tests;

/// <summary>Which folder of the terminal program may use which, lowest first.</summary>
public class FolderTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        // The exit codes. Program.cs, which puts the verbs together, has no namespace.
        [FolderArrows.Root] = [],
        ["Output"] = [],
        ["Editing"] = [],
        ["Pinging"] = [],
        ["Storing"] = [],
        ["Flack"] = ["Output"],
        ["Chatting"] = [FolderArrows.Root, "Editing", "Output", "Storing"],
        ["Verbs"] = [FolderArrows.Root, "Chatting", "Editing", "Flack", "Output", "Pinging", "Storing"],
    };

    [Fact]
    public void The_folders_of_the_terminal_program_use_each_other_in_one_direction()
    {
        IReadOnlyList<string> faults = FolderArrows.Of(typeof(VerbLine).Assembly, "ErlChat.Terminal").Compare(s_allowed);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
