using ErlChat.Names;

namespace ErlChat.Web.Tests.Comet;

/// <summary>
/// Unmodified original clients must never see the answers that break them, whatever races there are between other users' joins and leaves
/// and the clients' start and online calls.
/// </summary>
public class OriginalClientTests
{
    [Fact]
    public async Task The_original_client_never_lists_a_user_twice_nor_dies_of_a_leave() => await Seeds.RunAsync(async seed =>
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. ChatServerHost.NoLimits, "Chat:KeepAcknowledged=1000"]);
        using HttpClient http = server.NewHttp();
        for (int round = 0; round < 12; round++)
        {
            using var over = new CancellationTokenSource();
            int number = 0;
            Task[] crowd = [.. Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
            {
                var random = new Random(seed + round * 10 + i);
                while (!over.IsCancellationRequested)
                {
                    var one = new CometClient(http, $"c{Interlocked.Increment(ref number)}r{round}");
                    await one.LoginAsync();
                    if (random.Next(3) == 0)
                        await one.SendAsync("hi");
                    await one.LeaveAsync();
                }
            }))];

            // Every second user has two tabs. One of them starts while an answer to the other is under way. Only the cursor tells their
            // polls apart. When both use the same cursor, a user may be shown twice, but no client may break.
            OriginalClient[][] people = [.. await Task.WhenAll(Enumerable.Range(0, 6)
                .Select(i => Task.Run(
                    () => VisitAsync(new CometClient(http, $"v{i}r{round}"), tabs: 1 + i % 2, new Random(seed * 31 + round * 10 + i)))))
                .WithinAsync(TimeSpan.FromSeconds(40))];
            await over.CancelAsync();
            await Task.WhenAll(crowd).WithinAsync();
            AssertAlive(people.Where(one => one.Length == 1).SelectMany(one => one));
            AssertNone(people.SelectMany(one => one).Select(one => one.Death));
        }
    });

    [Fact]
    public async Task In_the_end_all_clients_list_the_same_users_and_have_shown_the_same_messages() => await Seeds.RunAsync(async seed =>
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        using HttpClient http = server.NewHttp();
        var random = new Random(seed);
        CometClient speaker = await server.LoginAsync("speaker");
        Task<OriginalClient>[] people =
        [
            .. Enumerable.Range(0, 20).Select(i => (i, pause: random.Next(3))).Select(one => Task.Run(async () =>
            {
                var comet = new CometClient(http, $"user{one.i}");
                await comet.LoginAsync();
                var client = new OriginalClient(comet, () => PauseAsync(one.pause));
                await client.OpenAsync();
                await client.PollUntilAsync("end");
                return client;
            })),
        ];
        for (int i = 0; i < 40; i++)
        {
            var passing = new CometClient(http, $"passing{i}");
            await passing.LoginAsync();
            await speaker.SendAsync($"{i}");
            await passing.LeaveAsync();
        }

        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 21);
        await server.ParkedAsync(20);
        await speaker.SendAsync("end");
        OriginalClient[] clients = await Task.WhenAll(people).WithinAsync(TimeSpan.FromSeconds(20));
        string[] users = [.. (await server.Room.PeopleAsync(RoomName.Lobby))!.People.Select(who => who.Nick).Order(StringComparer.Ordinal)];
        AssertAlive(clients);
        Assert.All(clients, one => Assert.Equal(users, one.Users.Order(StringComparer.Ordinal)));
        string[] words = [.. Enumerable.Range(0, 40).Select(i => $"{i}"), "end"];
        Assert.All(clients, one => Assert.Equal(words[^one.Words.Count..], one.Words));
    });

    private static void AssertAlive(IEnumerable<OriginalClient> clients) =>
        AssertNone(clients.SelectMany(one => new[] { one.Death, one.Twice }));

    /// <summary>Says all that went wrong, at full length.</summary>
    private static void AssertNone(IEnumerable<string?> deaths)
    {
        string[] all = [.. deaths.OfType<string>()];
        if (all.Length > 0)
            Assert.Fail(string.Join("; ", all));
    }

    /// <summary>Simulates the delay of a network and a browser. It varies the races, and no result depends on it.</summary>
    private static Task PauseAsync(int milliseconds) =>
        milliseconds == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    private static async Task<OriginalClient[]> VisitAsync(CometClient comet, int tabs, Random random)
    {
        await comet.LoginAsync();
        int milliseconds = random.Next(2) * random.Next(4);
        Func<Task> pause = () => PauseAsync(milliseconds);
        var first = new OriginalClient(comet, pause);
        var second = new OriginalClient(comet.Tab(), pause);
        await first.OpenAsync();
        Task one = first.PollUntilAsync("bye");
        for (int i = 0; i < 3; i++)
            await comet.SendAsync($"{i}");
        Task other = Task.CompletedTask;
        if (tabs == 2)
        {
            await second.OpenAsync();
            other = second.PollUntilAsync("bye");
        }

        for (int i = 0; i < 5; i++)
        {
            await comet.SendAsync($"{i}");
            await PauseAsync(random.Next(8));
        }

        await comet.SendAsync("bye");
        await Task.WhenAll(one, other).WithinAsync(TimeSpan.FromSeconds(20));
        await comet.LeaveAsync();
        return tabs == 2 ? [first, second] : [first];
    }
}
