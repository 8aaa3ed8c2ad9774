using System.Text.Json;

namespace ErlChat.Web.Tests.Flack;

/// <summary>Clients that are too fast, too slow or too quiet, and the server's stop (docs/flack.md, clause 7).</summary>
public sealed class FlackPaceTests
{
    [Fact]
    public async Task A_burst_over_the_rate_limit_is_delayed_and_nothing_of_it_is_lost()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:RateLimitCount=5", "Chat:RateLimitWindow=00:00:00.500");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 15; i++)
            await ann.TalkAsync("r", $"{i}");
        for (int i = 0; i < 15; i++)
            Assert.Equal($"{i}", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());

        // 15 messages and the join: 5 at once, then one every 100 ms.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_client_that_keeps_flooding_is_closed_with_1008_and_its_messages_have_no_gap()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:RateLimitCount=5", "Chat:RateLimitWindow=00:00:00.500", "Flack:FloodLimit=00:00:00.700");
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        long started = TimeProvider.System.GetTimestamp();
        using var enough = new CancellationTokenSource();
        Task flooding = Task.Run(async () =>
        {
            try
            {
                for (int i = 0; !enough.IsCancellationRequested; i++)
                    await ann.TalkAsync("r", $"{i}");
            }
            catch (IOException)
            {
                // The server cut the connection off, as it should.
            }
        });
        Assert.Equal(1008, await ann.DrainAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(8));
        await enough.CancelAsync();
        ann.Reset();
        await flooding.WithinAsync();
        await ben.UntilAsync("left");
        string[] heard = [.. ben.Seen.Where(text => text.Contains("chat_message", StringComparison.Ordinal))
            .Select(text => JsonSerializer.Deserialize<JsonElement>(text).GetProperty("message").GetString()!)];
        Assert.Equal(Enumerable.Range(0, heard.Length).Select(i => $"{i}"), heard);
    }

    [Fact]
    public async Task A_client_that_waits_for_its_echo_never_floods()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:RateLimitCount=2", "Chat:RateLimitWindow=00:00:00.100", "Flack:FloodLimit=00:00:00.200");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        for (int i = 0; i < 20; i++)
        {
            await ann.TalkAsync("r", $"{i}");
            await ann.ExpectAsync("chat_message");
        }
    }

    [Fact]
    public async Task A_reader_whose_mailbox_overflows_is_closed_with_1008_and_nobody_else_is_affected()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [
                .. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000", "Chat:MaxMessageBytes=65536", "Chat:MaxMailboxBytes=262144",
                "Flack:SendLimit=00:02:00",
            ]);
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await using FlackWire slow = await FlackWire.LogInAsync(server, "slow", receiveBuffer: 4096);
        await slow.JoinAsync("r");
        await ben.ExpectAsync("joined");
        long started = TimeProvider.System.GetTimestamp();
        string text = new('x', 20_000);
        for (int i = 0; i < 500; i++)
        {
            await ben.TalkAsync("r", text);

            // On a busy machine, the slow reader falls behind, and leaves, before its socket is full.
            await ben.UntilAsync("chat_message");
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "The slow reader delayed the others.");
        Assert.Equal(1008, await slow.DrainAsync());
        Assert.True(slow.Seen.Count < 500);
        if (!ben.Seen.Exists(record => record.Contains("\"record\":\"left\"", StringComparison.Ordinal)))
            await ben.ExpectAsync("left");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_at_all_is_removed_when_a_send_takes_too_long()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Chat:MaxMessageLength=20000", "Chat:MaxMessageBytes=65536", "Flack:SendLimit=00:00:00.300"]);
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await using FlackWire slow = await FlackWire.LogInAsync(server, "slow", receiveBuffer: 4096);
        await slow.JoinAsync("r");
        await ben.ExpectAsync("joined");
        string text = new('x', 20_000);
        JsonElement record;
        int sent = 0;
        do
        {
            Assert.True(++sent < 5000, "The slow reader was never cut off.");
            await ben.TalkAsync("r", text);
            record = JsonSerializer.Deserialize<JsonElement>(await ben.HearAsync());
        }
        while (record.GetProperty("record").GetString() != "left");

        // The client reads again before it is cut off altogether, and learns why.
        Assert.Equal(1008, await slow.DrainAsync());
    }

    [Fact]
    public async Task After_60_s_without_a_frame_the_connection_is_closed_with_1000()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Flack:AuthenticateLimit=01:00:00");
        await using FlackWire mute = await FlackWire.OpenAsync(server);
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await ann.ExpectAsync("joined");
        await server.ParkedAsync(2);

        // This also applies before hello. What the server sends does not count.
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await ben.TalkAsync("r", "still here");
        await ann.ExpectAsync("chat_message");
        await ben.ExpectAsync("chat_message");
        server.Clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(3, FlackServer.Connections(server));
        server.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1000, await mute.CloseAsync());
        Assert.Equal(1000, await ann.CloseAsync());
        await ben.ExpectAsync("left");

        // A WebSocket ping counts as activity.
        server.Clock.Advance(TimeSpan.FromSeconds(58));
        await ben.FrameAsync(FlackWire.Ping, []);
        Assert.Equal(FlackWire.Pong, (await ben.ReadFrameAsync())!.Value.Opcode);
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await ben.SeeNothingAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(60.1));
        Assert.Equal(1000, await ben.CloseAsync());
        await FlackServer.EmptyAsync(server);
    }

    [Fact]
    public async Task A_connection_that_pings_never_becomes_an_idle_session()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        for (int i = 0; i < 20; i++)
        {
            await server.ParkedAsync(1);
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            await ann.FrameAsync(FlackWire.Ping, []);
            Assert.Equal(FlackWire.Pong, (await ann.ReadFrameAsync())!.Value.Opcode);
        }

        await ann.TalkAsync("r", "after ten minutes");
        await ann.ExpectAsync("chat_message");
    }

    [Fact]
    public async Task Stopping_closes_every_connection_with_1001_in_less_than_2_s()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=1000");
        FlackWire[] wires = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => (i % 4) switch
        {
            0 => await FlackWire.OpenAsync(server),
            1 => await FlackWire.GreetAsync(server),
            2 => await FlackWire.LogInAsync(server, $"user {i}"),
            _ => await FlackWire.JoinAsync(server, $"user {i}", "lobby"),
        }));

        // Some clients never answer the close.
        Task<int?>[] closes = [.. wires.Select((wire, i) => i % 8 < 4 ? wire.DrainAsync() : ClosedAsync(wire))];
        long started = TimeProvider.System.GetTimestamp();
        await server.StopAsync();
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Assert.All(await Task.WhenAll(closes), status => Assert.Equal(1001, status));
        Assert.True(took < TimeSpan.FromSeconds(2), $"The stop took {took}.");
        Assert.Equal(0, server.Room.SessionCount);
        await Task.WhenAll(wires.Select(wire => wire.DisposeAsync().AsTask()));

        static async Task<int?> ClosedAsync(FlackWire wire)
        {
            int? status = await wire.DrainAsync();
            await wire.FrameAsync(FlackWire.Close, [0x03, 0xE9]);
            return status;
        }
    }
}
