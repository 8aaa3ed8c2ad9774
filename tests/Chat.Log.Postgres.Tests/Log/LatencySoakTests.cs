using System.Globalization;
using ErlChat.Log;
using ErlChat.Postgres.Log;

namespace ErlChat.Tests;

/// <summary>How long an append takes until it is acknowledged, and until another node has read it, on a server with fsync.</summary>
[Trait("Category", "Soak")]
public sealed class LatencySoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public async Task An_append_is_acknowledged_and_read_by_another_node_within_milliseconds(int rate)
    {
        using PostgresServer server = await PostgresServer.StartAsync();
        await server.PsqlAsync("ALTER SYSTEM SET fsync = on");
        await server.PsqlAsync("SELECT pg_reload_conf()");
        await using ChatDatabase database = await ChatDatabase.CreateEmptyAsync(server);
        PostgresLog writer = await database.OpenLogAsync(), reader = await database.OpenLogAsync();
        int count = (int)(rate * s_duration.TotalSeconds);
        long[] sent = new long[count + 1];
        double[] acked = new double[count], seen = new double[count];
        TimeProvider time = TimeProvider.System;
        Task reading = Task.Run(async () =>
        {
            int read = 0;
            await foreach (LogEntry entry in reader.ReadAsync(0, CancellationToken.None))
            {
                seen[read++] = time.GetElapsedTime(Volatile.Read(ref sent[entry.Entry.Id.Counter])).TotalMilliseconds;
                if (read == count)
                    return;
            }
        });

        long begun = time.GetTimestamp();
        var appends = new List<Task>();
        for (int i = 1; i <= count; i++)
        {
            TimeSpan wait = TimeSpan.FromSeconds(i / (double)rate) - time.GetElapsedTime(begun);
            if (wait > TimeSpan.FromMilliseconds(1))
                await Task.Delay(wait, time);
            int own = i;
            Volatile.Write(ref sent[own], time.GetTimestamp());
            appends.Add(writer.AppendAsync(PostgresLogTests.Say("node", own), CancellationToken.None).AsTask().ContinueWith(
                _ => acked[own - 1] = time.GetElapsedTime(sent[own]).TotalMilliseconds,
                TaskContinuationOptions.ExecuteSynchronously));
        }

        await Task.WhenAll(appends).WithinAsync();
        await reading.WithinAsync();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rate}/s: acknowledged p50 {At(acked, 50):F1} p99 {At(acked, 99):F1} ms, "
            + $"seen p50 {At(seen, 50):F1} p99 {At(seen, 99):F1} ms"));
        Assert.True(At(seen, 50) < 250, "Half of the entries waited for the look every half second.");
    }

    private static double At(double[] values, int percent) => values.Order().ElementAt(values.Length * percent / 100);
}
