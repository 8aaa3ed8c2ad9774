using System.Globalization;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>How fast 100 000 messages are written, and how long pages and searches of them take.</summary>
[Trait("Category", "Soak")]
public sealed class HistorySoakTests(ITestOutputHelper output)
{
    private const int Messages = 100_000;

    // So that words are as frequent as in a language: few often, many rarely.
    private static readonly string[] s_words =
        [.. Enumerable.Range(0, 20_000).Select(i => string.Concat(new Random(i).GetItems("etaoinshrdlucmfwypvbgk".AsSpan(), 3 + i % 7)))];

    [Fact]
    public async Task A_hundred_thousand_messages()
    {
        TimeProvider time = TimeProvider.System;
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Options.MaxPendingBytes = 1L << 30;
        using var node = new StorageNode(database);
        var random = new Random(42);
        var who = new Person("alice", "alice", "id");
        for (int i = 1; i <= Messages; i++)
        {
            string room = i % 3 == 0 ? "lobby" : $"room{random.Next(500)}";
            node.History.Add(room, new Mail(i, DateTimeOffset.UnixEpoch, new Spoken(room, who, Text(random, i), false, false)));
            node.History.Applied(i);
        }

        long begun = time.GetTimestamp();
        await node.History.WrittenAsync(Messages, TimeSpan.FromMinutes(5), CancellationToken.None);
        double seconds = time.GetElapsedTime(begun).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Messages} messages: {Messages / seconds:F0}/s"));
        await database.ExecuteAsync("VACUUM ANALYZE message");
        foreach (string relation in (string[])["message", "message_words", "message_room"])
        {
            long bytes = await database.ScalarAsync<long>($"SELECT pg_relation_size('{relation}') + coalesce(pg_relation_size(nullif("
                + $"(SELECT reltoastrelid FROM pg_class WHERE oid = '{relation}'::regclass), 0)), 0)");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{relation} {bytes / 1e6:F0} MB"));
        }

        await MeasureAsync("page of a room", () => node.History.ReadAsync("room7", long.MaxValue, 50, CancellationToken.None));
        await MeasureAsync("page from the middle", () => node.History.ReadAsync("lobby", Messages / 2, 50, CancellationToken.None));
        string[] rooms = ["lobby", "room1", "room2"];
        foreach (string query in (string[])[
            "rareneedle", "common", "eneedl", "\"common rareneedle\"", s_words[300], $"{s_words[10]} {s_words[40]}", "zzznowhere", "東京",
            "東京タワー", "ab", "e"])
        {
            Assert.True(SearchQuery.TryParse(query, out SearchQuery? parsed));
            await MeasureAsync(
                $"search {query}",
                () => node.History.SearchAsync(parsed, new SearchScope(rooms, null), long.MaxValue, 50, CancellationToken.None));
        }

        async Task MeasureAsync(string name, Func<ValueTask<MailPage>> read)
        {
            var times = new List<double>();
            int count = 0;
            for (int i = 0; i < 15; i++)
            {
                long started = time.GetTimestamp();
                count = (await read()).Count;
                times.Add(time.GetElapsedTime(started).TotalMilliseconds);
            }

            double first = times[0];
            times.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {count} found, first {first:F1}, p50 {times[7]:F2}, max {times[^1]:F1} ms"));
        }
    }

    private static string Text(Random random, int number)
    {
        string text = string.Join(' ', Enumerable.Range(0, 4 + random.Next(16)).Select(_ => Word(random)));
        if (number % 20 == 0)
            text = string.Concat(Enumerable.Range(0, 8 + random.Next(25))
                .Select(_ => (char)(0x4e00 + (int)(Math.Pow(random.NextDouble(), 3) * 3000))));
        return text
            + (number % 10 < 3 ? " common" : "")
            + (number % 10_000 == 78 ? " rareneedle" : "")
            + (number % 5_000 == 60 ? "東京タワー" : "");
    }

    private static string Word(Random random) => s_words[(int)(Math.Pow(random.NextDouble(), 4) * s_words.Length)];
}
