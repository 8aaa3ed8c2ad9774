using System.Globalization;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.LogBench;

/// <summary>
/// Say → visible: so many people say one thing after another, each waiting for its answer; one more reads all of it by polling its mailbox.
/// </summary>
internal static class SayBench
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(3);
    private static readonly string s_padding = new('x', 160);

    internal static async Task RunAsync(string folder)
    {
        Console.WriteLine("say -> visible          senders   entries/s     p50 ms     p99 ms");
        foreach (int senders in (int[])[1, 10, 100])
        {
            foreach (bool durable in (bool[])[false, true])
            {
                await MeasureAsync(null, senders, TimeSpan.FromSeconds(0.5), report: false);
                string? path = durable ? Path.Combine(folder, $"say{senders}.db") : null;
                await MeasureAsync(path, senders, s_duration, report: true);
            }
        }
    }

    private static async Task MeasureAsync(string? path, int senders, TimeSpan duration, bool report)
    {
        await using BenchChat chat = await BenchChat.StartAsync(path);
        var people = new List<SessionKey>();
        for (int i = 0; i < senders; i++)
            people.Add(await chat.LoginAsync(string.Create(CultureInfo.InvariantCulture, $"p{i}")));
        SessionKey reader = await chat.LoginAsync("reader");
        var latencies = new List<double>(1_000_000);
        using var stop = new CancellationTokenSource();
        Task reading = ReadAsync(chat, reader, latencies, stop.Token);
        TimeProvider time = TimeProvider.System;
        long started = time.GetTimestamp();
        long said = 0;
        await Task.WhenAll(people.Select(person => Task.Run(async () =>
        {
            while (time.GetElapsedTime(started) < duration)
            {
                await chat.SayAsync(person, string.Create(CultureInfo.InvariantCulture, $"{time.GetTimestamp()} {s_padding}"));
                Interlocked.Increment(ref said);
            }
        })));
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await reading;
        latencies.Sort();
        if (report)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(path is null ? "memory" : "sqlite"),-20}{senders,11}{said / seconds,12:N0}{latencies[latencies.Count / 2],11:F3}{latencies[latencies.Count * 99 / 100],11:F3}"));
        }
    }

    private static async Task ReadAsync(BenchChat chat, SessionKey reader, List<double> latencies, CancellationToken stop)
    {
        Mailbox box = chat.Office.Find(reader)!;
        long cursor = chat.Office.Head + 1;
        while (true)
        {
            MailRead read = await box.ReadAsync(cursor, true, TimeSpan.FromMinutes(1), stop);
            if (read.Status == MailStatus.Aborted)
                return;
            if (read.Status != MailStatus.Mail)
            {
                // Too slow for the mailbox's bound: go on from the end.
                cursor = chat.Office.Head + 1;
                continue;
            }

            long now = TimeProvider.System.GetTimestamp();
            foreach (Mail mail in read.Mail)
            {
                if (mail.Content is Spoken spoken)
                    latencies.Add(TimeProvider.System.GetElapsedTime(long.Parse(spoken.Text.AsSpan(0, spoken.Text.IndexOf(' ')), CultureInfo.InvariantCulture), now).TotalMilliseconds);
            }

            cursor = read.Mail[^1].Sequence + 1;
        }
    }
}
