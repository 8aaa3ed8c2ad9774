using System.Net.WebSockets;
using System.Text.Json;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>A flack client in the lobby that only listens.</summary>
internal sealed class FlackReader : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<(long Sequence, string Text)> _messages = [];

    /// <summary>The messages that it received, in order.</summary>
    internal (long Sequence, string Text)[] Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>Ends when the server or the connection does.</summary>
    internal Task Reading { get; private set; } = Task.CompletedTask;

    internal static async Task<FlackReader> JoinAsync(Uri node, string name)
    {
        var reader = new FlackReader();
        await reader._socket.ConnectAsync(new Uri($"ws://{node.Authority}/chat-server"), CancellationToken.None).WithinAsync();
        await reader.SendAsync(new { record = "client_hello", protocol_version = "1.0" });
        await reader.SendAsync(new { record = "authenticate", user_name = name });
        await reader.SendAsync(new { record = "join_chat", chat_name = "lobby" });
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reader.Reading = reader.ReadAsync(joined);
        await joined.Task.WithinAsync(TimeSpan.FromSeconds(30));
        return reader;
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(object record) => await _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(record), WebSocketMessageType.Text, true, CancellationToken.None).WithinAsync();

    private async Task ReadAsync(TaskCompletionSource joined)
    {
        try
        {
            var record = new MemoryStream();
            byte[] buffer = new byte[4096];
            while (true)
            {
                WebSocketReceiveResult part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                record.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Take(JsonDocument.Parse(record.ToArray()).RootElement, joined);
                record.SetLength(0);
            }
        }
        catch (WebSocketException)
        {
            // Its node was killed.
        }
        finally
        {
            joined.TrySetException(new IOException("The connection ended before the lobby was joined."));
        }
    }

    private void Take(JsonElement record, TaskCompletionSource joined)
    {
        switch (record.GetProperty("record").GetString())
        {
            case "chat_state":
                joined.TrySetResult();
                break;
            case "chat_message":
                lock (_messages)
                    _messages.Add((record.GetProperty("sequence").GetInt64(), record.GetProperty("message").GetString()!));
                break;
        }
    }
}
