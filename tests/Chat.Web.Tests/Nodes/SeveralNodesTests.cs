using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Nodes;

/// <summary>Real servers over one PostgreSQL.</summary>
public class SeveralNodesTests
{
    private const string Cookie = "Node:Cookie=chocolate-chip-cookie";

    [Fact]
    public async Task Two_servers_find_each_other_and_a_third_with_a_name_that_is_taken_or_another_cookie_does_not_start()
    {
        PostgresServer database = await PostgresServer.Shared;
        string connection = "Log:Connection=" + database.ConnectionTo(await database.CreateDatabaseAsync());
        await using ChatServerHost one = await StartAsync("Node:Name=n1", Cookie);
        await using ChatServerHost two = await StartAsync("Node:Name=n2", Cookie);
        CometClient alice = await one.LoginAsync("alice");

        // Before its second heartbeat a node does not know who has started after it, and a server that starts has no address yet.
        await Eventually.BeTrueAsync(
            () => AddressOf(one, "n2") == two.Address.ToString().TrimEnd('/') && AddressOf(two, "n1") is { Length: > 0 },
            TimeSpan.FromSeconds(20));
        CometAnswer list = await alice.GetAsync("/nodes");
        Assert.Equal(["n1", "n2"], list.Response.EnumerateArray().Select(node => node.GetProperty("name").GetString()));
        Assert.Equal("n2: pong", await alice.AskAsync("/ping n2"));
        Assert.Equal("n3: pang", await alice.AskAsync("/ping n3"));
        Assert.Equal("\"pong\"", (await two.Stranger().GetAsync("/nodes/n1/ping")).Response.GetRawText());
        CometClient bob = await two.LoginAsync("bob");
        Assert.Contains("alice", await bob.OnlineAsync());

        IOException twin = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync("Node:Name=n2", Cookie));
        Assert.StartsWith("A living node is named 'n2' already", twin.Message, StringComparison.Ordinal);
        IOException stranger = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync("Node:Name=n3", Cookie + "s"));
        Assert.StartsWith("Node:Cookie is not that of this chat's nodes", stranger.Message, StringComparison.Ordinal);

        await two.StopAsync();
        await Eventually.BeTrueAsync(() => AddressOf(one, "n2") is null, TimeSpan.FromSeconds(20));
        Assert.Equal("n2: pang", await alice.AskAsync("/ping n2"));

        Task<ChatServerHost> StartAsync(params string[] options) =>
            ChatServerHost.StartAsync(["Log:Kind=Postgres", connection, .. options]);
    }

    [Fact]
    public async Task Passwords_that_a_session_tries_on_one_node_count_on_the_other()
    {
        PostgresServer database = await PostgresServer.Shared;
        string connection = "Log:Connection=" + database.ConnectionTo(await database.CreateDatabaseAsync());
        await using ChatServerHost one = await StartAsync("Node:Name=n1");
        await using ChatServerHost two = await StartAsync("Node:Name=n2");
        int heard = 0;
        two.Services.GetRequiredService<SharedTries>().Heard += _ => Interlocked.Increment(ref heard);
        CometClient alice = await one.LoginAsync("alice");
        for (int i = 0; i < 5; i++)
            Assert.Equal("Invalid administrator password.", await alice.AskAsync("/auth wrong"));
        await Eventually.BeTrueAsync(() => Volatile.Read(ref heard) == 5);
        var session = SessionKey.Of(alice.Token);
        AdminCheck check = await two.Services.GetRequiredService<IAdminPasswords>().CheckAsync(session, "127.0.0.1", "demopass");
        Assert.Equal(AdminLogin.TooManyTries, check.Login);

        Task<ChatServerHost> StartAsync(string name) => ChatServerHost.StartAsync(
            ["Log:Kind=Postgres", connection, Cookie, name, ChatServerHost.AdminPassword]);
    }

    private static string? AddressOf(ChatServerHost server, string node) =>
        server.Services.GetRequiredService<INodes>().All.FirstOrDefault(one => one.Name == node)?.Address;
}
