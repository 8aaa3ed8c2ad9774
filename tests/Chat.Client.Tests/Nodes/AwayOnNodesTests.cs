using System.Text.Json;
using ErlChat.Tests;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>A user who is away on one node, as another node sees it, over a real PostgreSQL and in real time.</summary>
public sealed class AwayOnNodesTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Another_node_knows_who_is_away_and_forgets_it_when_the_node_of_the_user_is_killed()
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        await using ServerProcess one = Launch(1, database), two = Launch(2, database);
        Uri here = (await one.ListeningAsync()).Address, there = (await two.ListeningAsync()).Address;
        ChatClient ann = await LoginAsync(here, "ann");
        await using ChatClient bob = await LoginAsync(there, "bob");
        await using var listener = new Listener(bob);
        int guests = 0;
        await ann.SetAwayAsync(isAway: true).WithinAsync(s_patience);
        await listener.TheAsync<AwayChanged>(away => away is { Nick: "ann", IsAway: true }, s_patience);
        Assert.Equal("ann listed: True, away: ann", await ListAsync());
        await ann.SetAwayAsync(isAway: false).WithinAsync(s_patience);
        await listener.TheAsync<AwayChanged>(away => away is { Nick: "ann", IsAway: false }, s_patience);
        Assert.Equal("ann listed: True, away: ", await ListAsync());
        await ann.SetAwayAsync(isAway: true).WithinAsync(s_patience);
        await Eventually.BeTrueAsync(() => listener.Events.OfType<AwayChanged>().Count() == 3, s_patience);

        // Nobody says any more that she is here again.
        await one.KillAsync();
        await ann.DisposeAsync();
        await listener.TheAsync<UserLeft>(left => left.Nick == "ann", s_patience);
        Assert.Equal("ann listed: False, away: ", await ListAsync());
        Assert.Equal(3, listener.Events.OfType<AwayChanged>().Count());

        // For a guest who has just come: one who does not poll would soon be idle.
        async Task<string> ListAsync()
        {
            using var guest = new HttpClient { BaseAddress = there };
            using var form = new FormUrlEncodedContent([new("nick", $"guest{++guests}")]);
            using HttpResponseMessage login = await guest.PostAsync(new Uri("/login/", UriKind.Relative), form).WithinAsync(s_patience);
            Assert.True(login.IsSuccessStatusCode);
            using JsonDocument list = JsonDocument.Parse(
                await guest.GetStringAsync(new Uri("/chat/online/?joins=all", UriKind.Relative)).WithinAsync(s_patience));
            bool isListed = NicksOf(list.RootElement.GetProperty("response")).Contains("ann");
            string[] away = list.RootElement.TryGetProperty("away", out JsonElement some) ? NicksOf(some) : [];
            return $"ann listed: {isListed}, away: {string.Join(',', away)}";
        }
    }

    private static string[] NicksOf(JsonElement list) => [.. list.EnumerateArray().Select(static one => one.GetString()!)];

    private static Task<ChatClient> LoginAsync(Uri node, string nick) => ChatClient.LoginAsync(
        node, nick, Quick.Options with { LoginPatience = s_patience, CallPatience = s_patience }).WithinAsync(s_patience);

    private static ServerProcess Launch(int number, string database) => ServerProcess.LaunchNode(
        $"n{number}",
        database,
        address: null,
        "--Chat:PollTimeout=2s",
        "--Chat:PollJitter=500ms",
        "--Chat:CheckIdle=500ms",
        "--Chat:IdleLimit=20s",
        "--Limits:Enabled=false");
}
