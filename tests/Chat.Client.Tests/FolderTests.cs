namespace ErlChat.Client.Tests;

/// <summary>
/// Which folder of the client library may use which, lowest first. All types have one namespace, so that users of the library need only
/// one; the folders are those of the source. What is in no folder is what all use (options, exceptions) and the client itself.
/// </summary>
public class FolderTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Events"] = [],
        ["Calls"] = [],
        ["Servers"] = [],
        ["Wire"] = ["Calls", "Servers"],
        ["Sessions"] = ["Wire"],
        ["Reading"] = ["Events", "Servers", "Sessions", "Wire"],
        ["Sending"] = ["Calls", "Sessions", "Wire"],
    };

    [Fact]
    public void The_folders_of_the_client_library_use_each_other_in_one_direction()
    {
        IReadOnlyList<string> faults =
            FolderArrows.OfSourceFolders(typeof(ChatClient).Assembly, "ErlChat.Client").Compare(s_allowed);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
