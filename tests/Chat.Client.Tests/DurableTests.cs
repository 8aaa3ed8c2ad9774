namespace ErlChat.Client.Tests;

public class DurableTests
{
    [Fact]
    public async Task With_a_durable_log_a_restart_is_only_a_pause()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat-client-").FullName;
        try
        {
            await using RunningServer server = await RunningServer.StartAsync("Log:Kind=Sqlite", $"Log:Path={folder}/chat.db");
            await using ChatClient alice = await server.LoginAsync("alice");
            await using ChatClient bob = await server.LoginAsync("bob");
            await using var hers = new Listener(alice);
            await using var his = new Listener(bob);
            await alice.JoinAsync("tea").WithinAsync();
            for (int round = 0; round < 3; round++)
            {
                await alice.SayAsync($"before {round}").WithinAsync();
                await Eventually.BeTrueAsync(() => server.Office.Parked == 2, what: "both polls are parked, so that the stop answers them");
                await server.StopAsync();
                Task<long?> meanwhile = alice.SayAsync($"while it was gone {round}");
                await server.StartAgainAsync();
                await meanwhile.WithinAsync(TimeSpan.FromSeconds(20));
                await bob.SayAsync($"after {round}").WithinAsync(TimeSpan.FromSeconds(20));
                await hers.HeardAsync($"after {round}", TimeSpan.FromSeconds(20));
                await his.HeardAsync($"after {round}", TimeSpan.FromSeconds(20));
            }

            await alice.SayAsync("still in the room", "tea").WithinAsync();
            await hers.HeardAsync("still in the room");
            Assert.Equal(
                [
                    .. Enumerable.Range(0, 3).SelectMany(
                        round => new[] { $"before {round}", $"while it was gone {round}", $"after {round}" }),
                    "still in the room",
                ],
                hers.Texts);
            Assert.Equal(hers.Said[..^1].Select(said => said.Id), his.Said.Select(said => said.Id));
            Assert.Empty(hers.Events.OfType<Resynced>());
            Assert.Equal(3, hers.Events.OfType<ConnectionResumed>().Count());
            Assert.Equal(2, server.Room.SessionCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
