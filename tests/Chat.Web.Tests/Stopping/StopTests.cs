namespace ErlChat.Web.Tests.Stopping;

/// <summary>Stopping is quick and quiet.</summary>
public class StopTests
{
    [Fact]
    public async Task A_thousand_parked_polls_are_all_answered_within_two_seconds_and_none_is_cut_off()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        using HttpClient http = server.NewHttp();
        var people = new List<CometClient>();
        for (int i = 0; i < 250; i++)
        {
            people.Add(new CometClient(http, $"user{i}"));
            await people[i].LoginAsync();
        }

        foreach (CometClient one in people)
            await one.StartAsync();
        TimeSpan limit = TimeSpan.FromSeconds(60);
        Task<CometAnswer>[] polls = [.. people.SelectMany(one => Enumerable.Range(0, 4).Select(_ => one.Tab().WaitAsync(limit: limit)))];
        await Eventually.BeTrueAsync(() => server.Office.Parked == 1000, TimeSpan.FromSeconds(30));

        long started = TimeProvider.System.GetTimestamp();
        await server.StopAsync();
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        CometAnswer[] answers = await Task.WhenAll(polls).WithinAsync();
        Assert.All(answers, AssertStopping);
        Assert.Equal(0, server.Office.Parked);
        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");

        // The clients are told to come back at different times. Otherwise all thousand would come back at once.
        double[] times = [.. answers.Select(answer => answer.Json.GetProperty("retry_after").GetDouble())];
        Assert.True(times.Max() - times.Min() > 2, $"{times.Min()} to {times.Max()}");
    }

    [Fact]
    public async Task During_the_stop_no_new_poll_parks_and_chat_calls_are_still_answered()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("unread");
        server.Office.StopAdmitting();

        // Unread items are still delivered. Only a poll that would park is sent away.
        Assert.Equal("unread", (await alice.ReadAsync()).Single().Text);
        AssertStopping(await alice.WaitAsync());
        Assert.True((await alice.SendAsync("last words")).IsOk);
        Assert.Equal("last words", (await alice.ReadAsync()).Single().Text);
    }

    [Fact]
    public async Task Clients_that_poll_again_at_once_do_not_delay_the_stop()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient[] people = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.LoginAsync($"user{i}"))).WithinAsync();
        foreach (CometClient one in people)
            await one.StartAsync();
        using var over = new CancellationTokenSource();
        Task[] loops = [.. people.Select(one => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    await one.WaitAsync();
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        }))];
        await server.ParkedAsync(20);
        long started = TimeProvider.System.GetTimestamp();
        await server.StopAsync();
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        await over.CancelAsync();
        await Task.WhenAll(loops).WithinAsync();
        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");
    }

    private static void AssertStopping(CometAnswer answer)
    {
        Assert.True(answer.IsReconnect, answer.Body);
        Assert.True(answer.Json.GetProperty("stopping").GetBoolean());
        Assert.InRange(answer.Json.GetProperty("retry_after").GetDouble(), 1, 5);
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 5);
        Assert.Equal("close", answer.Headers["Connection"]);
    }
}
