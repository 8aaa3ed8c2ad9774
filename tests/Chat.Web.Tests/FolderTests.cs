namespace ErlChat.Web.Tests;

/// <summary>
/// The folders of the server depend on each other in one direction only. In order: options, requests and the site, then limits and answers,
/// pages, the HTTP and WebSocket endpoints, and last the code that wires everything together.
/// </summary>
public class FolderTests
{
    /// <summary>What each folder may use. Every folder comes after the folders it uses.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Configuration"] = [],
        ["Requests"] = [],
        ["Reads"] = [],
        ["WebSockets"] = [],
        ["Site"] = ["Configuration"],
        ["Backpressure"] = ["Configuration", "Site"],
        ["Storage"] = ["Configuration", "Site"],
        ["Passwords"] = ["Configuration"],
        ["Admin"] = ["Configuration", "Passwords"],
        ["Starting"] = ["Admin", "Configuration", "Site", "Storage"],
        ["Systemd"] = [],
        ["Heap"] = ["Site"],
        ["Answers"] = ["Backpressure", "Requests"],
        ["Limits"] = ["Answers", "Configuration", "Requests"],
        ["Listening"] = ["Configuration", "Site"],
        ["Bundling"] = [],
        ["Assets"] = ["Bundling", "Limits"],
        ["Watching"] = ["Backpressure", "Configuration", "Limits", "Site"],
        ["Pages"] = ["Assets", "Limits", "Site"],
        ["Nodes"] = ["Answers", "Configuration", "Limits", "Storage"],
        ["Origins"] = ["Answers", "Nodes", "Pages", "Requests", "Site", "Watching"],
        ["Comet"] = ["Answers", "Backpressure", "Limits", "Pages", "Requests", "Site", "Watching"],
        ["Stopping"] = ["Answers", "Starting"],
        ["Flack"] = ["Backpressure", "Configuration", "Limits", "Watching", "WebSockets"],
        ["Peer"] = ["Configuration", "Listening", "Starting"],
        ["FastLane"] = ["Answers", "Backpressure", "Comet", "Limits", "Listening", "Origins", "Reads", "Requests", "Site"],
        ["Operator"] =
        [
            "Admin", "Answers", "Backpressure", "Comet", "Configuration", "Limits", "Nodes", "Pages", "Requests", "Watching",
        ],
        ["Emails"] = ["Answers", "Comet", "Configuration", "Limits", "Pages", "Requests", "Site", "Watching"],
        ["Oidc"] = ["Answers", "Comet", "Configuration", "Limits", "Pages", "Requests", "Site", "Watching"],
        ["CommandLine"] = ["Configuration", "Starting"],

        // The composition root, which no folder uses.
        [FolderArrows.Root] =
        [
            "Admin", "Answers", "Assets", "Backpressure", "Comet", "Configuration", "Emails", "FastLane", "Flack", "Heap", "Limits",
            "Listening", "Nodes", "Oidc", "Operator", "Origins", "Pages", "Passwords", "Peer", "Reads", "Site", "Starting", "Stopping",
            "Storage", "Systemd", "Watching",
        ],
    };

    [Fact]
    public void Folders_use_each_other_as_the_table_allows() =>
        Assert.Empty(FolderArrows.Of(typeof(ChatServer).Assembly, "ErlChat.Web").Compare(s_allowed));
}
