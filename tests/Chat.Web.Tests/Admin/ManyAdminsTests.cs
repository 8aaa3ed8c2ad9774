using ErlChat.Log;
using ErlChat.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Admin;

/// <summary>A chat with more administrators than it names to everybody.</summary>
public class ManyAdminsTests
{
    private const int Named = 100;

    [Fact]
    public async Task A_hundred_administrators_are_named_and_all_of_them_are_some()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient bob = await server.LoginAsync("bob");
        string[] expected = [.. Enumerable.Range(0, Named).Select(static i => $"a{i:000}")];
        foreach (string nick in expected)
            await GrantAsync(nick);
        Assert.Equal(expected, await AdminsAsync());

        // In the order of their nicks: whoever is not named any more is one all the same.
        await GrantAsync("a000b");
        CometClient last = await GrantAsync("z");
        Assert.Equal(["a000", "a000b", .. expected[1..^1]], await AdminsAsync());
        Assert.True((await last.GetAsync("/chat/me/")).Response.GetProperty("admin").GetBoolean());

        // Past the password, whose check takes its time.
        async Task<CometClient> GrantAsync(string nick)
        {
            CometClient client = await server.LoginAsync(nick);
            int before = server.Room.Admins().Count;
            await server.Services.GetRequiredService<IChatLog>().AppendAsync(
                new AdminGranted(SessionKey.Of(client.Token!)) { Id = new CommandId("test", before + 1), At = DateTimeOffset.UnixEpoch },
                CancellationToken.None);
            await Eventually.BeTrueAsync(() => server.Room.Admins().Count == before + 1);
            return client;
        }

        async Task<IEnumerable<string?>> AdminsAsync() => (await bob.GetAsync("/chat/me/")).Response.GetProperty("admins")
            .EnumerateArray().Select(static one => one.GetProperty("nick").GetString());
    }
}
