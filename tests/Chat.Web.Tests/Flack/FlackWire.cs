using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ErlChat.Web.Tests.Flack;

/// <summary>
/// A WebSocket connection, frame by frame. A test can send any bytes and sees everything that arrives. Every wait has a deadline.
/// </summary>
internal sealed class FlackWire : IAsyncDisposable
{
    internal const int Text = 1;
    internal const int Binary = 2;
    internal const int Close = 8;
    internal const int Ping = 9;
    internal const int Pong = 10;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly NetworkStream _stream;

    private FlackWire(int port, int? receiveBuffer)
    {
        if (receiveBuffer is not null)
            _socket.ReceiveBufferSize = receiveBuffer.Value;
        _socket.Connect(IPAddress.Loopback, port);
        _stream = new NetworkStream(_socket, ownsSocket: true);
    }

    /// <summary>The user id that the server assigned.</summary>
    internal string UserId { get; private set; } = "";

    /// <summary>Records that were waited for, and those skipped while waiting, in order.</summary>
    internal List<string> Seen { get; } = [];

    /// <summary>Opens a connection whose upgrade was accepted.</summary>
    internal static async Task<FlackWire> OpenAsync(
        ChatServerHost server, int? receiveBuffer = null, string headers = "", string path = "/chat-server")
    {
        var wire = new FlackWire(server.Port, receiveBuffer);
        string answer = await wire.UpgradeAsync(path, headers);
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer, StringComparison.OrdinalIgnoreCase);
        return wire;
    }

    /// <summary>The head of the answer to an upgrade request.</summary>
    internal static async Task<string> AskAsync(ChatServerHost server, string headers = "", string path = "/chat-server")
    {
        await using var wire = new FlackWire(server.Port, null);
        return await wire.UpgradeAsync(path, headers);
    }

    /// <summary>Opens a connection and says hello.</summary>
    internal static async Task<FlackWire> GreetAsync(ChatServerHost server, int? receiveBuffer = null)
    {
        FlackWire wire = await OpenAsync(server, receiveBuffer);
        await wire.SayAsync("""{"record":"client_hello","protocol_version":"1.0"}""");
        Assert.Equal("""{"record":"server_hello","protocol_version":"1.0"}""", await wire.HearAsync());
        return wire;
    }

    /// <summary>Opens a connection and authenticates.</summary>
    internal static async Task<FlackWire> LogInAsync(ChatServerHost server, string name, string? userId = null, int? receiveBuffer = null)
    {
        FlackWire wire = await GreetAsync(server, receiveBuffer);
        await wire.SendAsync(new { record = "authenticate", user_name = name, user_id = userId ?? "" });
        JsonElement record = await wire.ExpectAsync("authenticated");
        wire.UserId = record.GetProperty("user_id").GetString()!;
        return wire;
    }

    /// <summary>Opens a connection, joins these chats, and reads the answers to that.</summary>
    internal static async Task<FlackWire> JoinAsync(ChatServerHost server, string name, params string[] chats)
    {
        FlackWire wire = await LogInAsync(server, name);
        foreach (string chat in chats)
            await wire.JoinAsync(chat);
        return wire;
    }

    /// <summary>Joins a chat. Returns the <c>name</c>s of the users who were there before.</summary>
    internal async Task<string[]> JoinAsync(string chat)
    {
        await SendAsync(new { record = "join_chat", chat_name = chat });
        JsonElement state = await ExpectAsync("chat_state");
        Assert.Equal(chat, state.GetProperty("chat_name").GetString());
        JsonElement joined = await ExpectAsync("joined");
        Assert.Equal(UserId, joined.GetProperty("user_id").GetString());
        return [.. state.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("user_name").GetString()!)];
    }

    internal Task SendAsync(object record) => SayAsync(JsonSerializer.Serialize(record));

    internal Task SayAsync(string text) => FrameAsync(Text, Encoding.UTF8.GetBytes(text));

    internal Task TalkAsync(string chat, string message) =>
        SendAsync(new { record = "chat_message", chat_name = chat, mime_type = "text/plain", message });

    /// <summary>Sends one frame, valid or deliberately invalid.</summary>
    internal Task FrameAsync(int opcode, byte[] payload, bool final = true, bool masked = true, int reserved = 0, long? length = null) =>
        RawAsync(FrameOf(opcode, payload, final, masked, reserved, length));

    internal static byte[] FrameOf(int opcode, byte[] payload, bool final = true, bool masked = true, int reserved = 0, long? length = null)
    {
        long says = length ?? payload.Length;
        var frame = new List<byte> { (byte)((final ? 0x80 : 0) | (reserved << 4) | opcode) };
        byte mask = masked ? (byte)0x80 : (byte)0;
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, says);
        if (says is >= 0 and <= 125)
            frame.Add((byte)(mask | (byte)says));
        else if (says is >= 0 and <= ushort.MaxValue)
            frame.AddRange([(byte)(mask | 126), .. number[6..]]);
        else
            frame.AddRange([(byte)(mask | 127), .. number]);
        byte[] key = [0x12, 0x34, 0x56, 0x78];
        if (masked)
            frame.AddRange(key);
        frame.AddRange(masked ? payload.Select((one, i) => (byte)(one ^ key[i & 3])) : payload);
        return [.. frame];
    }

    internal async Task RawAsync(byte[] bytes)
    {
        await _stream.WriteAsync(bytes).WithinAsync();
    }

    /// <summary>The next frame. Null when the connection ended.</summary>
    internal async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync(TimeSpan? limit = null)
    {
        byte[] head = new byte[2];
        if (!await ReadAsync(head, limit))
            return null;
        Assert.Equal(0x80, head[0] & 0xF0);
        Assert.Equal(0, head[1] & 0x80);
        byte[] extended = new byte[(head[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 }];
        Assert.True(await ReadAsync(extended, limit));
        long length = extended.Length switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(extended),
            8 => BinaryPrimitives.ReadInt64BigEndian(extended),
            _ => head[1] & 0x7F,
        };
        byte[] payload = new byte[length];
        Assert.True(await ReadAsync(payload, limit), "A frame was cut short.");
        return (head[0] & 0x0F, payload);
    }

    /// <summary>The text of the next record.</summary>
    internal async Task<string> HearAsync(TimeSpan? limit = null)
    {
        (int Opcode, byte[] Payload)? frame = await ReadFrameAsync(limit);
        Assert.True(frame is { Opcode: Text }, frame is null ? "The connection ended." : $"Wanted a record, got {Describe(frame.Value)}.");
        string text = Encoding.UTF8.GetString(frame!.Value.Payload);
        Seen.Add(text);
        return text;
    }

    /// <summary>The next record, which must be of this kind.</summary>
    internal async Task<JsonElement> ExpectAsync(string kind, TimeSpan? limit = null)
    {
        string text = await HearAsync(limit);
        JsonElement record = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.True(record.GetProperty("record").GetString() == kind, $"Wanted {kind}, got {text}");
        return record;
    }

    /// <summary>Reads until the next record of this kind.</summary>
    internal async Task<JsonElement> UntilAsync(string kind, TimeSpan? limit = null)
    {
        while (true)
        {
            JsonElement record = JsonSerializer.Deserialize<JsonElement>(await HearAsync(limit));
            if (record.GetProperty("record").GetString() == kind)
                return record;
        }
    }

    /// <summary>The error that ends the connection, as <c>code reason</c>; the close after it has no status.</summary>
    internal async Task<string> ErrorAsync()
    {
        JsonElement error = await ExpectAsync("protocol_error");
        Assert.Null(await CloseAsync());
        return $"{error.GetProperty("code").GetString()} {error.GetProperty("reason").GetString()}";
    }

    /// <summary>
    /// The status of the next close frame. Null when it has none. Answers the close, and waits for the connection to end.
    /// </summary>
    internal async Task<int?> CloseAsync(TimeSpan? limit = null)
    {
        (int Opcode, byte[] Payload)? frame = await ReadFrameAsync(limit);
        Assert.True(
            frame is { Opcode: Close },
            frame is null ? "The connection ended without a close." : $"Wanted a close, got {Describe(frame.Value)}.");
        byte[] payload = frame!.Value.Payload;
        try
        {
            await FrameAsync(Close, payload);
        }
        catch (IOException)
        {
            // The server need not wait for the answer when the client closed first.
        }

        Assert.Null(await ReadFrameAsync());
        return payload.Length == 0 ? null : BinaryPrimitives.ReadUInt16BigEndian(payload);
    }

    /// <summary>
    /// Skips everything up to the close. Returns its status: null when it has none, -1 when the connection ended without a close.
    /// </summary>
    internal async Task<int?> DrainAsync(TimeSpan? limit = null)
    {
        while (await ReadFrameAsync(limit) is { } frame)
        {
            if (frame.Opcode == Text)
                Seen.Add(Encoding.UTF8.GetString(frame.Payload));
            if (frame.Opcode == Close)
                return frame.Payload.Length == 0 ? null : BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
        }

        return -1;
    }

    /// <summary>Checks that nothing more has arrived: the answer to a ping comes next.</summary>
    internal async Task SeeNothingAsync()
    {
        await SayAsync("""{"record":"ping"}""");
        await ExpectAsync("ping_reply");
    }

    /// <summary>Resets the connection.</summary>
    internal void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> UpgradeAsync(string path, string headers)
    {
        string request = $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n";
        await RawAsync(Encoding.Latin1.GetBytes(request));
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            Assert.True(await ReadAsync(one, null), "The handshake was cut short.");
            head.Add(one[0]);
        }

        return Encoding.Latin1.GetString([.. head]);
    }

    private async Task<bool> ReadAsync(byte[] target, TimeSpan? limit)
    {
        for (int read = 0; read < target.Length;)
        {
            int count;
            try
            {
                count = await _stream.ReadAsync(target.AsMemory(read)).WithinAsync(limit);
            }
            catch (IOException)
            {
                return false;
            }

            if (count == 0)
                return false;
            read += count;
        }

        return true;
    }

    private static string Describe((int Opcode, byte[] Payload) frame) =>
        $"frame {frame.Opcode} {Convert.ToHexString(frame.Payload)} {Encoding.UTF8.GetString(frame.Payload)}";
}
