using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ErlChat.Web.Tests.Flack;

/// <summary>
/// As strict as the original's reference client (docs/flack.md, clause 8), over the framework's WebSocket. It demands exact sets of keys
/// and non-empty texts. It accepts no record of the chat before its own joined, no message or leave of a user whom it does not know, no
/// answer that it did not ask for, and no chat other than its own.
/// </summary>
internal sealed class ReferenceClient(ChatServerHost server, string name, string chat, int count) : IDisposable
{
    private static readonly Dictionary<string, string[]> s_keys = new()
    {
        ["server_hello"] = ["record", "protocol_version"],
        ["authenticated"] = ["record", "user_id"],
        ["chat_state"] = ["record", "chat_name", "users"],
        ["chat_user"] = ["record", "user_name", "user_id"],
        ["joined"] = ["record", "chat_name", "user_name", "user_id", "timestamp", "sequence"],
        ["chat_message"] = ["record", "chat_name", "user_id", "mime_type", "message", "timestamp", "sequence"],
        ["left"] = ["record", "chat_name", "user_id", "timestamp", "sequence"],
        ["ping_reply"] = ["record"],
        ["server_goodbye"] = ["record"],
    };

    private readonly ClientWebSocket _socket = new();
    private readonly Dictionary<string, string> _known = [];
    private string _awaited = "";
    private string _userId = "";
    private bool _joined;
    private long _sequence;

    /// <summary>The messages that it received, in order.</summary>
    internal List<(long Sequence, string Text)> Messages { get; } = [];

    /// <summary>Runs the whole conversation. Fails at the first record that would have crashed the original.</summary>
    internal async Task RunAsync()
    {
        await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/chat-server"), CancellationToken.None).WithinAsync();
        await AskAsync(new { record = "client_hello", protocol_version = "1.0" }, "server_hello");
        _userId = (await AskAsync(new { record = "authenticate", user_name = name }, "authenticated")).GetProperty("user_id").GetString()!;
        await AskAsync(new { record = "join_chat", chat_name = chat }, "chat_state");
        await AwaitAsync("joined");
        for (int i = 0; i < count; i++)
        {
            await AskAsync(
                new { record = "chat_message", chat_name = chat, mime_type = "text/plain", message = $"{name} {i}" }, "chat_message");
            await AskAsync(new { record = "ping" }, "ping_reply");
        }

        await AskAsync(new { record = "leave_chat", chat_name = chat }, "left");
        await AskAsync(new { record = "client_goodbye" }, "server_goodbye");
        ValueWebSocketReceiveResult end = await _socket.ReceiveAsync(new byte[16].AsMemory(), CancellationToken.None).WithinAsync();
        Assert.Equal(WebSocketMessageType.Close, end.MessageType);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinAsync();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonElement> AskAsync(object record, string answer)
    {
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(record), WebSocketMessageType.Text, true, CancellationToken.None)
            .WithinAsync();
        return await AwaitAsync(answer);
    }

    private async Task<JsonElement> AwaitAsync(string kind)
    {
        _awaited = kind;
        while (true)
        {
            JsonElement record = Checked(await ReadAsync());
            string is_ = record.GetProperty("record").GetString()!;
            bool own = is_ is not ("joined" or "chat_message" or "left") || record.GetProperty("user_id").GetString() == _userId;
            if (is_ == kind && own)
                return record;
            Assert.True(_joined && is_ is "joined" or "chat_message" or "left" && !own, $"{name} waited for {kind} and got {record}");
        }
    }

    private async Task<JsonElement> ReadAsync()
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[4096];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).WithinAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            message.Write(buffer.AsSpan(0, part.Count));
        }
        while (!part.EndOfMessage);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(message.ToArray()));
    }

    private JsonElement Checked(JsonElement record)
    {
        string kind = record.GetProperty("record").GetString()!;
        Assert.True(s_keys.TryGetValue(kind, out string[]? keys), $"Unknown record {record}");
        Assert.Equal(keys, record.EnumerateObject().Select(member => member.Name));
        foreach (JsonProperty member in record.EnumerateObject())
        {
            if (member.Name == "sequence")
                Assert.True(member.Value.TryGetInt64(out _));
            else if (member.Name != "users")
                Assert.NotEqual("", member.Value.GetString());
        }

        if (record.TryGetProperty("chat_name", out JsonElement where))
            Assert.Equal(chat, where.GetString());
        switch (kind)
        {
            case "chat_state":
                Assert.Equal("chat_state", _awaited);
                foreach (JsonElement user in record.GetProperty("users").EnumerateArray())
                    Know(Checked(user));
                break;
            case "joined":
                string who = record.GetProperty("user_id").GetString()!;
                Assert.True(
                    _joined || (_awaited == "joined" && who == _userId), "A record of the chat came before the client's own joined.");
                (_joined, _) = (true, 0);
                Know(record);
                InOrder(record);
                break;
            case "chat_message":
                Assert.True(_known.ContainsKey(record.GetProperty("user_id").GetString()!), "A message came from an unknown user.");
                Assert.Equal("text/plain", record.GetProperty("mime_type").GetString());
                InOrder(record);
                Messages.Add((_sequence, record.GetProperty("message").GetString()!));
                break;
            case "left":
                Assert.True(_known.Remove(record.GetProperty("user_id").GetString()!), "An unknown user left.");
                InOrder(record);
                break;
            case "server_hello" or "authenticated" or "ping_reply" or "server_goodbye":
                Assert.Equal(_awaited, kind);
                break;
        }

        return record;
    }

    private void Know(JsonElement user) =>
        Assert.True(_known.TryAdd(user.GetProperty("user_id").GetString()!, user.GetProperty("user_name").GetString()!));

    private void InOrder(JsonElement record)
    {
        Assert.True(_joined, "A record of the chat came before the client's own joined.");
        Assert.True(DateTime.TryParseExact(
            record.GetProperty("timestamp").GetString(),
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _));
        long next = record.GetProperty("sequence").GetInt64();
        Assert.True(next > _sequence);
        _sequence = next;
    }
}
