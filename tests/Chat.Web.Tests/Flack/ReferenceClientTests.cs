namespace ErlChat.Web.Tests.Flack;

/// <summary>
/// The reference client among other reference clients and web users. It is so strict that the original server itself could crash it.
/// </summary>
public sealed class ReferenceClientTests
{
    [Fact]
    public async Task Reference_clients_among_web_users_finish_their_conversation()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient web = await server.LoginAsync("webby");
        ReferenceClient[] clients = [.. Enumerable.Range(0, 6).Select(i => new ReferenceClient(server, $"client {i}", "lobby", 15))];
        Task conversations = Task.WhenAll(clients.Select(client => client.RunAsync()));
        int comings = 0;
        while (!conversations.IsCompleted)
        {
            CometClient guest = await server.LoginAsync($"guest{comings++ % 7}");
            await guest.SendAsync("hi");
            await guest.SendAsync("  ");
            await web.SendAsync("/me types");
            await web.SendAsync("/topic " + comings);
            await guest.LeaveAsync();
        }

        await conversations.WithinAsync();
        Assert.All(clients, client => Assert.True(client.Messages.Count >= 15));
        Dictionary<long, string> all =
            clients.SelectMany(client => client.Messages).Distinct().ToDictionary(one => one.Sequence, one => one.Text);
        Assert.True(all.Count >= 6 * 15);
        await web.LeaveAsync();
        await FlackServer.EmptyAsync(server);
    }
}
