namespace ErlChat.Load;

/// <summary>N sessions park a poll each; then messages go to all of them, one at a time.</summary>
internal static class ParkAndFanOut
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    internal static async Task<int> RunAsync(int polls, int rounds, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        CancellationToken token = limit.Token;

        await using ServerProcess server = await ServerProcess.StartAsync(token);
        using var speaker = new PollClient();
        await speaker.LogInAsync(server.Port, polls, token);
        await speaker.SayAsync("warm up", token);
        await SettleAsync(token);
        long empty = server.PrivateBytes;

        var clients = new PollClient[polls];
        for (int i = 0; i < polls; i++)
        {
            clients[i] = new PollClient();
            await clients[i].LogInAsync(server.Port, i, token);
        }

        // Everybody starts behind the last login, so that the polls really park.
        foreach (PollClient client in clients)
            await client.StartAsync(token);
        foreach (PollClient client in clients)
            await client.ParkAsync(token);
        await SettleAsync(token);
        Report($"memory per session with a parked poll, fresh ({polls} polls)", $"{(server.PrivateBytes - empty) / 1024.0 / polls:F1} KB");

        var last = new double[rounds];
        var median = new double[rounds];
        TimeSpan cpu = server.CpuTime;
        for (int round = 0; round < rounds; round++)
            (median[round], last[round]) = await FanOutAsync(speaker, clients, round, token);
        cpu = server.CpuTime - cpu;
        Array.Sort(last);
        Array.Sort(median);
        Report($"one message to {polls} polls: median poll served after", $"{median[rounds / 2]:F0} ms (median of {rounds})");
        Report($"one message to {polls} polls: last poll served after", $"{last[rounds / 2]:F0} ms (median of {rounds})");
        Report("server CPU per delivery and re-poll", $"{cpu.TotalMicroseconds / rounds / polls:F1} µs");
        await SettleAsync(token);
        Report($"memory per session with a parked poll, after {rounds * polls} deliveries", $"{(server.PrivateBytes - empty) / 1024.0 / polls:F1} KB");
        foreach (PollClient client in clients)
            client.Dispose();
        return 0;
    }

    /// <summary>Milliseconds from sending until the middle and the last poll have their answer. All polls are parked again when it returns.</summary>
    private static async Task<(double Median, double Last)> FanOutAsync(PollClient speaker, PollClient[] clients, int round, CancellationToken token)
    {
        var served = new double[clients.Length];
        long started = TimeProvider.System.GetTimestamp();
        Task[] reading = [.. clients.Select(async (client, i) =>
        {
            await client.ReadAnswerAsync(token);
            served[i] = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        })];
        started = TimeProvider.System.GetTimestamp();
        await speaker.SayAsync($"round {round}", token);
        await Task.WhenAll(reading);
        foreach (PollClient client in clients)
            await client.ParkAsync(token);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, token);
        Array.Sort(served);
        return (served[served.Length / 2], served[^1]);
    }

    private static Task SettleAsync(CancellationToken token) => Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, token);

    private static void Report(string what, string figure) => Console.WriteLine($"{what,-75} {figure}");
}
