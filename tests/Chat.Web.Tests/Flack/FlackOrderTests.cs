using System.Globalization;
using System.Text.Json;

namespace ErlChat.Web.Tests.Flack;

/// <summary>All members see the same order, and answers come in the order of requests (docs/flack.md, clause 5).</summary>
public sealed class FlackOrderTests
{
    [Fact]
    public async Task When_64_join_at_once_each_sees_its_own_join_first_and_nobody_is_missing()
    {
        const int Count = 64;
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        FlackWire[] wires = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => FlackWire.LogInAsync(server, $"user {i}")));
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string[][] lists = await Task.WhenAll(wires.Select(async wire =>
        {
            await start.Task;
            await wire.SendAsync(new { record = "join_chat", chat_name = "crowd" });
            await wire.TalkAsync("crowd", "here");

            // All join and send one message. After its own list, each member sees itself, everyone who joins later, and at least one
            // message from each of them.
            JsonElement state = await wire.ExpectAsync("chat_state");
            var known = state.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("user_id").GetString()!).ToHashSet();
            JsonElement own = await wire.ExpectAsync("joined");
            Assert.Equal(wire.UserId, own.GetProperty("user_id").GetString());
            known.Add(wire.UserId);
            long sequence = own.GetProperty("sequence").GetInt64();
            for (int spoken = 0; known.Count < Count || spoken == 0;)
            {
                JsonElement record = JsonSerializer.Deserialize<JsonElement>(await wire.HearAsync(TimeSpan.FromSeconds(20)));
                long next = record.GetProperty("sequence").GetInt64();
                Assert.True(next > sequence);
                sequence = next;
                string who = record.GetProperty("user_id").GetString()!;
                switch (record.GetProperty("record").GetString())
                {
                    case "joined":
                        Assert.True(known.Add(who), "A user was listed twice.");
                        break;
                    case "chat_message":
                        Assert.Contains(who, known);
                        spoken += who == wire.UserId ? 1 : 0;
                        break;
                    default:
                        Assert.Fail(record.GetRawText());
                        break;
                }
            }

            return known.Order(StringComparer.Ordinal).ToArray();
        }).Append(Task.Run<string[]>(() =>
        {
            start.SetResult();
            return [.. wires.Select(wire => wire.UserId).Order(StringComparer.Ordinal)];
        })));
        Assert.All(lists, list => Assert.Equal(lists[^1], list));
        await Task.WhenAll(wires.Select(wire => wire.DisposeAsync().AsTask()));
        await FlackServer.EmptyAsync(server);
    }

    [Fact]
    public async Task Twenty_members_see_60_messages_from_each_of_8_senders_in_the_order_of_the_sequence()
    {
        const int Senders = 8;
        const int Messages = 60;
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        FlackWire[] wires = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => FlackWire.LogInAsync(server, $"user {i}")));
        foreach (FlackWire wire in wires)
            await wire.JoinAsync("r");
        Task[] senders = [.. wires[..Senders].Select((wire, i) => Task.Run(async () =>
        {
            // As fast as possible: no sender waits for an echo.
            for (int number = 0; number < Messages; number++)
                await wire.TalkAsync("r", $"{i} {number}");
        }))];
        (long Sequence, string Text)[][] seen = await Task.WhenAll(wires.Select(async wire =>
        {
            var messages = new List<(long, string)>();
            while (messages.Count < Senders * Messages)
            {
                JsonElement record = await wire.UntilAsync("chat_message", TimeSpan.FromSeconds(20));
                messages.Add((record.GetProperty("sequence").GetInt64(), record.GetProperty("message").GetString()!));
            }

            return messages.ToArray();
        }));
        await Task.WhenAll(senders).WithinAsync();
        Assert.Equal(seen[0].OrderBy(one => one.Sequence), seen[0]);
        Assert.Equal(Senders * Messages, seen[0].Select(one => one.Sequence).Distinct().Count());
        Assert.All(seen, one => Assert.Equal(seen[0], one));
        for (int i = 0; i < Senders; i++)
        {
            string[] own = [.. seen[0].Select(one => one.Text).Where(text => text.StartsWith($"{i} ", StringComparison.Ordinal))];
            Assert.Equal(Enumerable.Range(0, Messages).Select(number => $"{i} {number}"), own);
        }

        await Task.WhenAll(wires.Select(wire => wire.DisposeAsync().AsTask()));
    }

    /// <summary>Messages sent by many users at once go out in buffers of 16 KB: short messages together, longer ones alone.</summary>
    [Fact]
    public Task Short_and_long_messages_sent_together_arrive_complete_and_in_order() => Seeds.RunAsync(async seed =>
    {
        const int Senders = 12;
        const int Messages = 30;
        var random = new Random(seed);
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000", "Chat:MaxMessageBytes=65536", "Chat:MaxMailboxBytes=60000000"]);
        await using FlackWire listener = await FlackWire.JoinAsync(server, "listener", "r");
        FlackWire[] wires = await Task.WhenAll(Enumerable.Range(0, Senders).Select(i => FlackWire.JoinAsync(server, $"user {i}", "r")));
        Queue<string>[] said = [.. wires.Select((_, i) => new Queue<string>(Enumerable.Range(0, Messages).Select(number =>
            $"{i} {number} " + new string('x', random.Next(5) == 0 ? random.Next(19_990) : random.Next(3000)))))];
        Task[] speaking = [.. wires.Zip(said.Select(texts => texts.ToArray()), (wire, texts) => Task.Run(async () =>
        {
            foreach (string text in texts)
                await wire.TalkAsync("r", text);
        }))];
        for (int i = 0; i < Senders * Messages; i++)
        {
            string heard = (await listener.UntilAsync("chat_message")).GetProperty("message").GetString()!;
            Assert.Equal(said[int.Parse(heard.Split(' ')[0], CultureInfo.InvariantCulture)].Dequeue(), heard);
        }

        await Task.WhenAll(speaking).WithinAsync();
        await Task.WhenAll(wires.Select(wire => wire.DisposeAsync().AsTask()));
    });

    [Fact]
    public async Task Answers_come_in_the_order_of_requests()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        await using FlackWire ann = await FlackWire.OpenAsync(server);
        object[] requests =
        [
            new { record = "client_hello", protocol_version = "1.0" },
            new { record = "authenticate", user_name = "ann" },
            new { record = "ping" },
            .. Enumerable.Range(0, 50).SelectMany(i => new object[]
            {
                new { record = "join_chat", chat_name = "r" },
                new { record = "chat_message", chat_name = "r", mime_type = "text/plain", message = "m" },
                new { record = "ping" },
                new { record = "leave_chat", chat_name = "r" },
            }),
            new { record = "leave_chat", chat_name = "r" },
        ];

        // The requests of a client that waits for no answers, all in one write.
        await ann.RawAsync([.. requests.SelectMany(one => FlackWire.FrameOf(FlackWire.Text, JsonSerializer.SerializeToUtf8Bytes(one)))]);
        foreach (string kind in new[] { "server_hello", "authenticated", "ping_reply" })
            await ann.ExpectAsync(kind);
        for (int i = 0; i < 50; i++)
        {
            foreach (string kind in new[] { "chat_state", "joined", "chat_message", "ping_reply", "left" })
                await ann.ExpectAsync(kind);
        }

        Assert.Equal("CHAT_PROTOCOL-008 Chat has not been joined", await ann.ErrorAsync());
    }

    [Fact]
    public async Task What_was_accepted_before_an_error_or_a_goodbye_is_echoed_first()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        await ann.RawAsync([
            .. FlackWire.FrameOf(
                FlackWire.Text, """{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"m"}"""u8.ToArray()),
            .. FlackWire.FrameOf(FlackWire.Text, """{"record":"client_goodbye"}"""u8.ToArray()),
        ]);
        await ann.ExpectAsync("chat_message");
        await ann.ExpectAsync("server_goodbye");
    }
}
