namespace ErlChat.Web.Tests.Flack;

/// <summary>Frames, well-formed and not, in every state (docs/flack.md, clause 1; RFC 6455, section 5).</summary>
public sealed class FlackFrameTests
{
    private static readonly byte[] s_hello = """{"record":"client_hello","protocol_version":"1.0"}"""u8.ToArray();

    public static TheoryData<string> States => ["open", "hello", "authenticated", "joined"];

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_ping_is_answered_with_its_payload_in_every_state(string state)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await InStateAsync(server, state);
        foreach (byte[] payload in new byte[][] { [], [1, 2, 3], [.. Enumerable.Range(0, 125).Select(i => (byte)i)] })
        {
            await wire.FrameAsync(FlackWire.Ping, payload);
            (int Opcode, byte[] Payload)? answer = await wire.ReadFrameAsync();
            Assert.Equal(FlackWire.Pong, answer!.Value.Opcode);
            Assert.Equal(payload, answer.Value.Payload);
        }

        // An unsolicited pong is ignored.
        await wire.FrameAsync(FlackWire.Pong, [9]);
        await wire.FrameAsync(FlackWire.Ping, [7]);
        Assert.Equal([7], (await wire.ReadFrameAsync())!.Value.Payload);
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_binary_frame_is_unexpected_in_every_state(string state)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await InStateAsync(server, state);
        await wire.FrameAsync(FlackWire.Binary, s_hello);
        Assert.Equal("CHAT-003 Unexpected message", await wire.ErrorAsync());
        await FlackServer.EmptyAsync(server);
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_close_from_the_client_is_answered_with_its_status_in_every_state(string state)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        foreach (int? status in new int?[] { 1000, 1001, 3999, null })
        {
            await using FlackWire wire = await InStateAsync(server, state);
            byte[] payload = status is null ? [] : [(byte)(status >> 8), (byte)status, .. "bye"u8];
            await wire.FrameAsync(FlackWire.Close, payload);
            Assert.Equal(status, await wire.CloseAsync());
            await FlackServer.EmptyAsync(server);
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_broken_connection_is_removed_in_every_state(string state)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        FlackWire reset = await InStateAsync(server, state);
        reset.Reset();
        await FlackServer.EmptyAsync(server);
        FlackWire closed = await InStateAsync(server, state);
        await closed.DisposeAsync();
        await FlackServer.EmptyAsync(server);
        FlackWire half = await InStateAsync(server, state);
        await half.RawAsync(FlackWire.FrameOf(FlackWire.Text, s_hello)[..10]);
        half.Reset();
        await FlackServer.EmptyAsync(server);
    }

    [Fact]
    public async Task A_message_may_arrive_in_fragments_with_control_frames_in_between()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.JoinAsync(server, "ann", "r");
        byte[] message = """{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"grüße 😀"}"""u8.ToArray();
        await wire.FrameAsync(FlackWire.Text, message[..1], final: false);
        await wire.FrameAsync(FlackWire.Ping, [5]);
        Assert.Equal([5], (await wire.ReadFrameAsync())!.Value.Payload);
        foreach (byte one in message[1..])
            await wire.FrameAsync(0, [one], final: false);
        await wire.FrameAsync(0, []);
        Assert.Equal("grüße 😀", (await wire.ExpectAsync("chat_message")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_message_may_arrive_byte_by_byte_and_many_may_arrive_at_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        foreach (byte one in FlackWire.FrameOf(FlackWire.Text, s_hello))
            await wire.RawAsync([one]);
        await wire.ExpectAsync("server_hello");

        byte[] ping = FlackWire.FrameOf(FlackWire.Text, """{"record":"ping"}"""u8.ToArray());
        await wire.RawAsync([
            .. FlackWire.FrameOf(FlackWire.Text, """{"record":"authenticate","user_name":"ann"}"""u8.ToArray()),
            .. Enumerable.Repeat(ping, 200).SelectMany(one => one),
        ]);
        await wire.ExpectAsync("authenticated");
        for (int i = 0; i < 200; i++)
            await wire.ExpectAsync("ping_reply");
    }

    [Theory]
    [InlineData("not masked", "8112")]
    [InlineData("not masked ping", "8900")]
    [InlineData("reserved bit", "C18012345678")]
    [InlineData("reserved opcode 3", "838012345678")]
    [InlineData("reserved opcode 11", "8B8012345678")]
    [InlineData("fragmented ping", "098012345678")]
    [InlineData("fragmented close", "088012345678")]
    [InlineData("ping over 125 bytes", "89FE007E12345678")]
    [InlineData("continuation of nothing", "808012345678")]
    [InlineData("text within a text", "018012345678818012345678")]
    [InlineData("negative length", "81FF800000000000000012345678")]
    [InlineData("close of one byte", "88811234567800")]
    [InlineData("close with status 1005", "8882000000" + "0003ED")]
    [InlineData("close with status 999", "8882000000" + "0003E7")]
    [InlineData("close with status 1015", "8882000000" + "0003F7")]
    [InlineData("close with status 5000", "8882000000" + "001388")]
    public async Task A_frame_that_violates_the_protocol_is_answered_with_1002(string what, string hex)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        foreach (string state in States.Select(row => row.Data))
        {
            await using FlackWire wire = await InStateAsync(server, state);
            await wire.RawAsync(Convert.FromHexString(hex));
            int? status = await wire.CloseAsync();
            Assert.True(status == 1002, $"{what} in {state}: {status}");
        }

        await FlackServer.EmptyAsync(server);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Text_that_is_not_UTF8_is_answered_with_1007(int fragments, bool ends)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.GreetAsync(server);
        byte[] payload = ends ? [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8] : [.. "abc"u8, 0xC3];
        if (fragments == 1)
        {
            await wire.FrameAsync(FlackWire.Text, payload);
        }
        else
        {
            await wire.FrameAsync(FlackWire.Text, payload[..7], final: false);
            await wire.FrameAsync(0, payload[7..]);
        }

        Assert.Equal(1007, await wire.CloseAsync());
    }

    [Fact]
    public async Task A_close_whose_reason_is_not_UTF8_is_answered_with_1007()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire wire = await FlackWire.GreetAsync(server);
        await wire.FrameAsync(FlackWire.Close, [0x03, 0xE8, 0xFF]);
        Assert.Equal(1007, await wire.CloseAsync());
    }

    [Fact]
    public async Task A_message_over_64_KiB_is_answered_with_1009_as_soon_as_its_length_is_known()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using (FlackWire fits = await FlackWire.GreetAsync(server))
        {
            string filler = new('x', 64 * 1024 - """{"record":"authenticate","user_name":"a","x":""}""".Length);
            await fits.SayAsync($$"""{"record":"authenticate","user_name":"a","x":"{{filler}}"}""");
            await fits.ExpectAsync("authenticated");
        }

        await using (FlackWire tooBig = await FlackWire.GreetAsync(server))
        {
            await tooBig.FrameAsync(FlackWire.Text, new byte[64 * 1024 + 1]);
            Assert.Equal(1009, await tooBig.CloseAsync());
        }

        await using (FlackWire announced = await FlackWire.GreetAsync(server))
        {
            await announced.FrameAsync(FlackWire.Text, [], length: 1L << 60);
            Assert.Equal(1009, await announced.CloseAsync());
        }

        await using FlackWire inParts = await FlackWire.GreetAsync(server);
        await inParts.FrameAsync(FlackWire.Text, new byte[40_000], final: false);
        await inParts.FrameAsync(0, new byte[40_000], final: false);
        Assert.Equal(1009, await inParts.CloseAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_is_cut_off_in_time()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Flack:CloseLimit=00:00:00.300");
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        await wire.SayAsync("nonsense");
        await wire.ExpectAsync("protocol_error");
        Assert.Equal(FlackWire.Close, (await wire.ReadFrameAsync())!.Value.Opcode);
        Assert.Null(await wire.ReadFrameAsync());
        await FlackServer.EmptyAsync(server);
    }

    [Fact]
    public async Task Requests_before_a_close_are_processed_before_it_is_answered()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "r");
        await ben.ExpectAsync("joined");
        await ann.TalkAsync("r", "last words");
        await ann.FrameAsync(FlackWire.Close, [0x03, 0xE8]);
        Assert.Equal("last words", (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
        Assert.Equal(1000, await ann.CloseAsync());
        Assert.Equal("last words", (await ben.ExpectAsync("chat_message")).GetProperty("message").GetString());
        await ben.ExpectAsync("left");
    }

    [Fact]
    public Task Random_bytes_do_no_harm() => Seeds.RunAsync(async seed =>
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        await using FlackWire ben = await FlackWire.JoinAsync(server, "ben", "r");
        byte[] good = FlackWire.FrameOf(
            FlackWire.Text, """{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"m"}"""u8.ToArray());
        var random = new Random(seed);
        for (int round = 0; round < 150; round++)
        {
            await using FlackWire ann = await InStateAsync(server, States.ElementAt(random.Next(4)).Data);
            byte[] bytes = [.. Enumerable.Repeat(good, 3).SelectMany(one => one)];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await ann.RawAsync(bytes[..random.Next(1, bytes.Length)]);
            if (random.Next(2) == 0)
                ann.Reset();
        }

        await Eventually.BeTrueAsync(() => FlackServer.Connections(server) == 1);
        Assert.Equal(1, server.Room.SessionCount);
    });

    private static async Task<FlackWire> InStateAsync(ChatServerHost server, string state) => state switch
    {
        "open" => await FlackWire.OpenAsync(server),
        "hello" => await FlackWire.GreetAsync(server),
        "authenticated" => await FlackWire.LogInAsync(server, "ann"),
        _ => await FlackWire.JoinAsync(server, "ann", "r"),
    };
}
