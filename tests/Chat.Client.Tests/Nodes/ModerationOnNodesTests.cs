using ErlChat.Tests;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>An administrator on one node acts on users who are served by another, over a real PostgreSQL and in real time.</summary>
public sealed class ModerationOnNodesTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kicks_and_bans_take_effect_on_the_other_node_within_a_second()
    {
        PostgresServer postgres = await PostgresServer.Shared;
        string database = postgres.ConnectionTo(await postgres.CreateDatabaseAsync());
        await using ServerProcess one = Launch(1, database), two = Launch(2, database);
        Uri here = (await one.ListeningAsync()).Address, there = (await two.ListeningAsync()).Address;
        await using ChatClient admin = await LoginAsync(here, "boss");
        await admin.AuthenticateAsync("demopass").WithinAsync(s_patience);

        // A busy machine may delay one of them, so the middle one counts.
        TimeSpan[] kicks = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(i => UntilGoneAsync($"kicked{i}", $"kick kicked{i} noise", "kicked")));
        Assert.True(kicks.Order().ElementAt(2) < TimeSpan.FromSeconds(1), $"Kicks took {string.Join(", ", kicks)}.");

        TimeSpan ban = await UntilGoneAsync("banned", "ban banned noise 60", "banned");
        Assert.True(ban < TimeSpan.FromSeconds(1), $"The ban took {ban}.");
        Assert.Equal(ChatRefusal.HostBanned, await Quick.RefusalAsync(() => LoginAsync(there, "again")));

        async Task<TimeSpan> UntilGoneAsync(string nick, string command, string reason)
        {
            await using ChatClient user = await LoginAsync(there, nick);
            await using var listener = new Listener(user);
            await user.SayAsync($"I am {nick}").WithinAsync(s_patience);
            await listener.HeardAsync($"I am {nick}", s_patience);
            long before = TimeProvider.System.GetTimestamp();
            await admin.SayAsync($"/admin {command}").WithinAsync(s_patience);
            await listener.Ended.WithinAsync(s_patience);
            SessionEnded ended = Assert.IsType<SessionEnded>(listener.Events[^1]);
            Assert.Equal(reason, ended.Reason);
            Assert.Contains("noise", ended.Explanation, StringComparison.Ordinal);
            return TimeProvider.System.GetElapsedTime(before);
        }
    }

    private static Task<ChatClient> LoginAsync(Uri node, string nick) => ChatClient.LoginAsync(
        node, nick, Quick.Options with { LoginPatience = s_patience, CallPatience = s_patience }).WithinAsync(s_patience);

    private static ServerProcess Launch(int number, string database) => ServerProcess.LaunchNode(
        $"n{number}", database, address: null, "--Chat:AdminPassword=demopass", "--Limits:Enabled=false");
}
