using ErlChat.History;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <content>Searches for what is older than a time.</content>
public abstract partial class ChatHistoryContract
{
    // A search begins near the time, not at the end of the log, although times rise only roughly.
    [Fact]
    public Task All_that_is_older_than_a_time_is_found_although_times_go_back_a_little() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        IChatHistory history = await OpenAsync();
        var all = new List<(long Sequence, string Room, DateTimeOffset At)>();
        long half = TimeBisection.Margin.Ticks / 2;
        for (int i = 0; i < 300; i++)
        {
            string room = random.Next(3) == 0 ? "den" : "lobby";
            DateTimeOffset at = s_start.AddMinutes(3 * i).AddTicks(random.NextInt64(-half, half));
            _sequence += random.Next(1, 5);
            history.Add(room, new(_sequence, at, new Spoken(room, s_alice, "apple pie", Action: false, Own: false)));
            history.Applied(_sequence);
            all.Add((_sequence, room, at));
            if (i == 200)
                await SettleAsync();
        }

        for (int i = 0; i < 200; i++)
        {
            DateTimeOffset until = random.Next(8) switch
            {
                0 => all[random.Next(all.Count)].At,
                1 => s_start.AddYears(random.Next(2) == 0 ? -1 : 1),
                2 => random.Next(2) == 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue,
                _ => s_start.AddMinutes(random.Next(-10, 910)),
            };
            long before = random.Next(2) == 0 ? long.MaxValue : random.NextInt64(_sequence + 2);
            int size = random.Next(1, 80);
            string[] rooms = random.Next(2) == 0 ? ["den"] : ["lobby", "den"];
            MailPage page = await history.SearchAsync(
                Query("apple").Limited(null, until), new SearchScope(rooms, null), before, size, CancellationToken.None);
            long[] expected =
                [.. all.Where(one => rooms.Contains(one.Room) && one.At < until && one.Sequence < before).Select(one => one.Sequence)];
            Assert.Equal(expected.TakeLast(size), page.Select(mail => mail.Sequence));
            Assert.Equal(expected.Length > size, page.More);
        }
    });
}
