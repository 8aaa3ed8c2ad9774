using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.LogBench;

/// <summary>
/// The logs by themselves: so many writers append one entry after another, each waiting until the log has it; nobody folds them.
/// </summary>
internal static class AppendBench
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(2);

    internal static async Task RunAsync(string folder)
    {
        Console.WriteLine("append                  writers   entries/s     p50 ms     p99 ms");
        foreach (int writers in (int[])[1, 10, 100])
        {
            foreach (bool durable in (bool[])[false, true])
            {
                using var logs = new BenchLog(durable ? Path.Combine(folder, $"append{writers}.db") : null);
                await MeasureAsync(logs.Log, writers, durable);
            }
        }

        Console.WriteLine();
    }

    private static async Task MeasureAsync(IChatLog log, int writers, bool durable)
    {
        using var stop = new CancellationTokenSource();
        Task reading = ReadAsync(log, stop.Token);
        var latencies = new List<double>[writers];
        TimeProvider time = TimeProvider.System;
        SessionKey session = SessionKey.Of("somebody");
        long started = time.GetTimestamp();
        long counter = 0;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(async () =>
        {
            List<double> own = latencies[i] = [];
            while (time.GetElapsedTime(started) < s_duration)
            {
                long before = time.GetTimestamp();
                await log.AppendAsync(
                    new Said(session, RoomName.Lobby, "Some words of the length that people say to each other.", false)
                    {
                        Id = new CommandId("bench", Interlocked.Increment(ref counter)),
                        At = time.GetUtcNow(),
                    },
                    CancellationToken.None);
                own.Add(time.GetElapsedTime(before).TotalMilliseconds);
            }
        })));
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await reading;
        List<double> all = [.. latencies.SelectMany(own => own)];
        all.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(durable ? "sqlite" : "memory"),-20}{writers,11}{all.Count / seconds,12:N0}{all[all.Count / 2],11:F3}{all[all.Count * 99 / 100],11:F3}"));
    }

    private static async Task ReadAsync(IChatLog log, CancellationToken stop)
    {
        try
        {
            await foreach (LogEntry _ in log.ReadAsync(0, stop))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the measurement.
        }
    }
}
