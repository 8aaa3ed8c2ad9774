namespace ErlChat.Client.Tests;

/// <summary>Client options with short pauses.</summary>
internal static class Quick
{
    internal static ChatClientOptions Options { get; } = new()
    {
        RequestTimeout = TimeSpan.FromSeconds(5),
        WaitSlack = TimeSpan.FromSeconds(2),
        LoginPatience = TimeSpan.FromSeconds(5),
        CallPatience = TimeSpan.FromSeconds(30),
        FirstPause = TimeSpan.FromMilliseconds(20),
        LongestPause = TimeSpan.FromMilliseconds(200),
    };

    internal static Task<ChatClient> LoginAsync(this RunningServer server, string nick, ChatClientOptions? options = null) =>
        ChatClient.LoginAsync(server.Address, nick, options ?? Options).WithinAsync();

    internal static async Task<ChatRefusal> RefusalAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ChatRefusedException>(call).WithinAsync()).Why;
}
