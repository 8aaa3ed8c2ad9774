using System.Collections.Concurrent;
using System.Text.Json;
using ErlChat.Eviction;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests;

/// <summary>Thousands of parked polls of which half break off while many talk: the rest lose, repeat and reorder nothing, and the memory comes back.</summary>
[Trait("Category", "Soak")]
public class SoakTests
{
    private const int Sessions = 5000;
    private const int Senders = 20;
    private const int Messages = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Half_of_five_thousand_break_off_and_the_others_read_everything_once_and_in_order() => await Seeds.RunAsync(async seed =>
    {
        Console.WriteLine($"{Seeds.Variable}={seed}");
        var random = new Random(seed);
        await using ChatServerHost server = await ChatServerHost.StartAsync(
        [
            .. ChatServerHost.NoLimits, "Chat:PollTimeout=00:00:15", "Chat:PollJitter=00:00:02", "Chat:CheckIdle=00:00:01", "Chat:IdleLimit=00:00:30",
        ]);
        using HttpClient http = server.NewHttp();
        await (await server.LoginAsync("warm")).LeaveAsync();
        long before = Math.Max(0, GC.GetTotalMemory(forceFullCollection: true));

        CometClient[] people = [.. Enumerable.Range(0, Sessions).Select(i => new CometClient(http, $"user{i}"))];
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) => await one.LoginAsync());
        var readers = new ConcurrentBag<Reader>();
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            await one.StartAsync();
            readers.Add(await Reader.BeginAsync(server, one.Token!, one.Cursor));
        });
        Task[] reading = [.. readers.Select(reader => reader.Reading)];
        await Eventually.BeTrueAsync(() => server.Office.Parked == Sessions, s_patience, $"parked {server.Office.Parked}");

        Reader[] shuffled = [.. readers];
        random.Shuffle(shuffled);
        Reader[] broken = shuffled[..(Sessions / 2)];
        Reader[] left = shuffled[(Sessions / 2)..];
        int next = 0;
        int[] counters = new int[Senders];
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(i => Task.Run(async () =>
        {
            for (int n = 0; n < Messages; n++)
            {
                // While they talk, the others break off one by one.
                for (int k = 0; k < Sessions / 2 / (Senders * Messages) + 1; k++)
                {
                    int victim = Interlocked.Increment(ref next) - 1;
                    if (victim < broken.Length)
                        broken[victim].BreakOff();
                }

                CometAnswer sent = await people[i].RequestAsync(HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", $"{i}:{n}")), [], s_patience);
                Assert.True(sent.IsOk, sent.Body);
                counters[i]++;
            }
        }))).WithinAsync(TimeSpan.FromSeconds(90));
        foreach (Reader one in broken)
            one.BreakOff();
        await Eventually.BeTrueAsync(() => left.All(one => one.Words.Count >= Senders * Messages || one.Reading.IsCompleted), s_patience);

        string[] order = [.. left[0].Words];
        Assert.Equal(Senders * Messages, order.Distinct().Count());
        for (int i = 0; i < Senders; i++)
            Assert.Equal(Enumerable.Range(0, Messages).Select(n => $"{i}:{n}"), order.Where(word => word.StartsWith($"{i}:", StringComparison.Ordinal)));
        foreach (Reader one in left)
        {
            Assert.Null(one.Failure);
            Assert.True(order.AsSpan().SequenceEqual(one.Words.ToArray()));
        }

        await Eventually.BeTrueAsync(() => server.Office.Parked == left.Length, s_patience);
        foreach (Reader one in left)
            one.BreakOff();
        await Task.WhenAll(reading).WithinAsync();
        await Eventually.BeTrueAsync(() => server.Office.Parked == 0, s_patience);
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 0, s_patience);
        Assert.Equal(Sessions, server.Services.GetRequiredService<IdleEviction>().Evicted);
        await Eventually.BeTrueAsync(() => server.Office.Count == 0, s_patience);
        (readers, reading, shuffled, broken, left, people) = ([], [], [], [], [], []);
        long after = long.MaxValue;
        await Eventually.BeTrueAsync(() => (after = GC.GetTotalMemory(forceFullCollection: true)) < before + 48 * 1024 * 1024, TimeSpan.FromSeconds(20), $"{before} and {after}");
        Console.WriteLine($"Heap before {before / 1024} KiB, after {after / 1024} KiB.");
    });

    /// <summary>One session's poll loop on one socket, as small as it can be: the machine is the server's.</summary>
    private sealed class Reader
    {
        private readonly RawHttp _raw;
        private readonly string _token;
        private long _cursor;
        private volatile bool _over;

        private Reader(RawHttp raw, string token, long cursor)
        {
            (_raw, _token, _cursor) = (raw, token, cursor);
            Reading = Task.Run(ReadAsync);
        }

        internal Task Reading { get; }

        internal List<string> Words { get; } = new(Senders * Messages);

        internal string? Failure { get; private set; }

        internal static async Task<Reader> BeginAsync(ChatServerHost server, string token, long cursor) => new(await RawHttp.ConnectAsync(server), token, cursor);

        internal void BreakOff()
        {
            if (_over)
                return;
            _over = true;
            _raw.Reset();
        }

        private async Task ReadAsync()
        {
            try
            {
                while (!_over)
                {
                    await _raw.SendAsync($"GET /chat/wait/?msg_id={_cursor} HTTP/1.1\r\nHost: x\r\nCookie: chat_sess={_token}\r\n\r\n");
                    RawAnswer? answer = await _raw.ReadAnswerAsync(s_patience);
                    if (answer is null)
                    {
                        Failure = _over ? null : "cut";
                        return;
                    }

                    Take(answer.Body);
                }
            }
            catch (Exception e)
            {
                Failure = _over ? null : e.ToString();
            }
        }

        private void Take(string body)
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement response = json.RootElement.GetProperty("response");
            if (response.ValueKind == JsonValueKind.String)
            {
                if (response.GetString() != "reconnect")
                    throw new InvalidOperationException(body);
                return;
            }

            foreach (JsonElement item in response.EnumerateArray())
            {
                long id = item.GetProperty("id").GetInt64();
                if (id < _cursor)
                    throw new InvalidOperationException($"{id} came after {_cursor - 1}.");
                _cursor = id + 1;
                if (item.GetProperty("t").GetString()!.EndsWith("chat_msg", StringComparison.Ordinal))
                    Words.Add(item.GetProperty("d").GetProperty("msg").GetString()!);
            }
        }
    }
}
