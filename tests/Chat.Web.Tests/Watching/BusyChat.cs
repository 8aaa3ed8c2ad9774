namespace ErlChat.Web.Tests.Watching;

/// <summary>A client that triggers everything there is a metric for.</summary>
internal static class BusyChat
{
    /// <summary>Options of a server that soon has a snapshot, and accepts three logins in all.</summary>
    internal static string[] Options(string folder) =>
    [
        "Log:Kind=Sqlite", $"Log:Path={Path.Combine(folder, "chat.db")}", "Log:RestoreMail=0", "Log:SnapshotEvery=5",
        "Log:ProbeEvery=00:00:00.100",
        "Limits:Logins:Server:Count=3", "Limits:Logins:Server:Window=01:00:00",
    ];

    internal static async Task TalkAsync(HttpClient http)
    {
        var alice = new CometClient(http, "alice");
        await alice.LoginAsync("alice");
        await alice.StartAsync();
        for (int i = 0; i < 8; i++)
            Assert.True((await alice.SendAsync($"unspeakable {i}")).IsOk);
        await alice.ReadAsync();
        await alice.SendAsync("unspeakable", to: "nobody");
        await alice.GetAsync("/chat/search/?q=unspeakable");
        for (int i = 0; i < 5; i++)
            await new CometClient(http, "").LoginAsync($"bob{i}");
    }
}
