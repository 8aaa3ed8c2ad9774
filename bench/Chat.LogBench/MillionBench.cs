using System.Globalization;
using ErlChat.History;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Submissions;
using Microsoft.Data.Sqlite;

namespace ErlChat.LogBench;

/// <summary>A million messages in a hundred rooms: how long a start, a page of history and a search take.</summary>
internal static class MillionBench
{
    /// <summary>How many messages, unless the command line says so.</summary>
    internal const int Million = 1_000_000;

    private const int Rooms = 100;

    internal static async Task RunAsync(string folder, int messages)
    {
        string path = Path.Combine(folder, "million.db");
        Console.WriteLine();
        await FillAsync(path, messages);
        Console.WriteLine($"  file                                  {new FileInfo(path).Length / 1e6,8:F0} MB");
        await StartBench.MeasureAsync("  start from the snapshot", path, Rooms);
        await ReadAsync(path, messages);
        using (SqliteConnection connection = FileConnection.Open(path, SqliteOpenMode.ReadWrite))
            connection.Execute("DELETE FROM snapshot");
        await StartBench.MeasureAsync("  start without snapshot", path, Rooms);
    }

    private static async Task FillAsync(string path, int messages)
    {
        await using BenchChat chat = await BenchChat.StartAsync(path);
        var people = new List<SessionKey>();
        for (int i = 0; i < Rooms; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"p{i}");
            people.Add((await chat.Room.JoinAsync(new JoinRequest(name, "192.0.2.1") { Home = "room" + name })).Session);
        }

        long started = TimeProvider.System.GetTimestamp();
        int next = 0;
        await Task.WhenAll(people.Select((person, i) => Task.Run(async () =>
        {
            var random = new Random(i);
            while (Interlocked.Increment(ref next) is var number && number <= messages)
            {
                string text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Word(random)} {Word(random)} {Word(random)} {Word(random)} {Word(random)} {Word(random)} n{number}");
                if (await chat.Submissions.SubmitAsync(
                    new Submission(person, text) { Room = string.Create(CultureInfo.InvariantCulture, $"roomp{i}") }) is not Accepted)
                    throw new InvalidOperationException("A message was refused.");
            }
        })));
        double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{messages:N0} messages by {Rooms} people, {messages / seconds:N0} durable entries/s with history and search index"));
    }

    private static async Task ReadAsync(string path, int messages)
    {
        await using BenchChat chat = await BenchChat.StartAsync(path);
        SessionKey reader = SessionOf(chat, 7);
        var random = new Random(1);
        await TimeAsync("  history page, 50 items", 500, () => chat.Room.HistoryAsync(
            reader, "roomp7", random.Next(1000, messages), 50, CancellationToken.None));
        await TimeAsync("  search, a word in 6 of 5000 messages", 200, () => SearchAsync(chat, reader, Word(random)));
        await TimeAsync("  search, a word of one message", 200, () => SearchAsync(
            chat, reader, string.Create(CultureInfo.InvariantCulture, $"n{random.Next(1, messages)}")));
        await TimeAsync("  search, a part of a word of one message", 200, () => SearchAsync(
            chat, reader, $"{random.Next(messages / 10, messages)}"));
        await TimeAsync("  search, two characters of a word", 200, () => SearchAsync(chat, reader, $"{random.Next(10, 100)}"));
        await TimeAsync("  search, two characters that are in no message", 5, () => SearchAsync(chat, reader, "中文"));
        await TimeAsync("  search, a phrase", 200, () => SearchAsync(chat, reader, $"\"{Word(random)} {Word(random)}\""));
    }

    private static ValueTask<MailPage?> SearchAsync(BenchChat chat, SessionKey reader, string query) =>
        SearchQuery.TryParse(query, out SearchQuery? parsed)
            ? chat.Room.SearchAsync(reader, parsed, null, long.MaxValue, 50, CancellationToken.None)
            : throw new InvalidOperationException(query);

    private static SessionKey SessionOf(BenchChat chat, int person) =>
        chat.Room.FindNick(string.Create(CultureInfo.InvariantCulture, $"p{person}"))!.Key;

    private static async Task TimeAsync(string what, int times, Func<ValueTask<MailPage?>> read)
    {
        var latencies = new List<double>(times);
        for (int i = 0; i < times; i++)
        {
            long started = TimeProvider.System.GetTimestamp();
            await read();
            latencies.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        latencies.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-40}{latencies[times / 2],8:F2} ms p50 {latencies[times * 99 / 100],8:F2} ms p99"));
    }

    private static string Word(Random random) => string.Create(CultureInfo.InvariantCulture, $"word{random.Next(5000)}");
}
