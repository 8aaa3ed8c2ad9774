using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Flack;

/// <summary>
/// Both wires in one room for a minute, while users join and leave all the time. <c>ERLCHAT_SOAK_SECONDS</c> sets another duration.
/// </summary>
[Trait("Category", "Soak")]
public sealed class FlackSoakTests
{
    private const string Last = "the last word";
    private const int Stayers = 5;
    private const int Guests = 5;

    [Fact]
    public Task Ten_web_users_and_ten_flack_users_see_one_order_and_nothing_is_lost_or_repeated() => Seeds.RunAsync(async seed =>
    {
        TimeSpan length = TimeSpan.FromSeconds(
            int.Parse(Environment.GetEnvironmentVariable("ERLCHAT_SOAK_SECONDS") ?? "60", CultureInfo.InvariantCulture));
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        var said = new ConcurrentBag<string>();
        using var over = new CancellationTokenSource(length);

        // The users who stay are there before the first message is sent and until all are. They must see the same messages, and all of
        // them.
        CometClient[] webs = await Task.WhenAll(Enumerable.Range(0, Stayers).Select(i => server.LoginAsync($"web{i}")));
        FlackWire[] wires = await Task.WhenAll(
            Enumerable.Range(0, Stayers).Select(i => FlackWire.JoinAsync(server, $"flack {i}", "lobby")));
        var heard = new ConcurrentDictionary<string, bool>();
        var sent = new ConcurrentBag<string>();
        Task<List<(long, string)>>[] readers =
        [
            .. webs.Select(ReadAsync), .. wires.Select(wire => ReadAsync(wire, text => heard[text] = true)),
        ];
        Task[] talkers =
        [
            .. webs.Select((web, i) => TalkAsync(i, text => SayAsync(web, text))),
            .. wires.Select((wire, i) => TalkAsync(100 + i, text =>
            {
                sent.Add(text);
                return wire.TalkAsync("lobby", text);
            })),
            .. Enumerable.Range(0, Guests).Select(i => WebGuestAsync(200 + i)),
            .. Enumerable.Range(0, Guests).Select(i => FlackGuestAsync(300 + i)),
        ];
        await Task.WhenAll(talkers).WithinAsync(length + TimeSpan.FromSeconds(30));

        // Everything sent by a flack user who stays comes back to that user.
        await Eventually.BeTrueAsync(() => sent.All(heard.ContainsKey), TimeSpan.FromSeconds(30));
        await SayAsync(webs[0], Last);

        List<(long Sequence, string Text)>[] seen = await Task.WhenAll(readers).WithinAsync(TimeSpan.FromSeconds(60));
        Assert.All(seen, one => Assert.Equal(seen[0], one));
        Assert.Equal(seen[0].Select(one => one.Sequence).Distinct().Order(), seen[0].Select(one => one.Sequence));
        string[] texts = [.. seen[0].Select(one => one.Text)];
        Assert.Equal(texts.Length, texts.Distinct().Count());

        // Every message that was answered or echoed is there. A guest's messages may be there although the guest was cut off before it
        // learned so.
        Assert.Empty(said.Concat(sent).Except(texts));
        TestContext.Current.TestOutputHelper
            ?.WriteLine($"seed {seed}: {texts.Length} messages, {said.Count + sent.Count} confirmed, {seen.Length} readers who stayed");

        foreach (FlackWire wire in wires)
            await wire.DisposeAsync();
        foreach (CometClient web in webs)
            await web.LeaveAsync();
        await FlackServer.EmptyAsync(server);

        async Task SayAsync(CometClient web, string text)
        {
            Assert.True((await web.SendAsync(text)).IsOk);
            said.Add(text);
        }

        async Task TalkAsync(int who, Func<string, Task> say)
        {
            var random = new Random(seed + who);
            for (int i = 0; !over.IsCancellationRequested; i++)
            {
                await say($"{who} {i}");
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(40)), TimeProvider.System);
            }
        }

        async Task WebGuestAsync(int who)
        {
            var random = new Random(seed + who);
            for (int visit = 0; !over.IsCancellationRequested; visit++)
            {
                CometClient guest = await server.LoginAsync($"guest{who}x{visit}");
                for (int i = random.Next(10); i > 0; i--)
                    await SayAsync(guest, $"{who} {visit} {i}");
                await guest.LeaveAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100)), TimeProvider.System);
            }
        }

        async Task FlackGuestAsync(int who)
        {
            var random = new Random(seed + who);
            for (int visit = 0; !over.IsCancellationRequested; visit++)
            {
                FlackWire guest = await FlackWire.JoinAsync(server, $"guest {who}", "lobby");
                for (int i = random.Next(10); i > 0; i--)
                {
                    string text = $"{who} {visit} {i}";
                    await guest.TalkAsync("lobby", text);
                    if (random.Next(3) == 0)
                        continue;
                    while (!(await guest.UntilAsync("chat_message")).GetProperty("message").ValueEquals(text))
                    {
                        // Messages of another user.
                    }

                    said.Add(text);
                }

                switch (random.Next(3))
                {
                    case 0:
                        guest.Reset();
                        break;
                    case 1:
                        await guest.DisposeAsync();
                        break;
                    default:
                        await guest.SayAsync("""{"record":"client_goodbye"}""");
                        Assert.Null(await guest.DrainAsync());
                        await guest.DisposeAsync();
                        break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100)), TimeProvider.System);
            }
        }
    });

    private static async Task<List<(long, string)>> ReadAsync(CometClient web)
    {
        var messages = new List<(long, string)>();
        while (messages is not [.., (_, Last)])
        {
            CometAnswer answer = await web.WaitAsync(limit: TimeSpan.FromSeconds(70));
            if (!answer.IsReconnect)
                messages.AddRange(
                    answer.Items!.Where(item => item.Type is "chat_msg" or "sent_chat_msg").Select(item => (item.Id, item.Text)));
        }

        return messages;
    }

    private static async Task<List<(long, string)>> ReadAsync(FlackWire wire, Action<string> heard)
    {
        var messages = new List<(long, string)>();
        while (messages is not [.., (_, Last)])
        {
            JsonElement record = await wire.UntilAsync("chat_message", TimeSpan.FromSeconds(30));
            messages.Add((record.GetProperty("sequence").GetInt64(), record.GetProperty("message").GetString()!));
            heard(messages[^1].Item2);
        }

        return messages;
    }
}
