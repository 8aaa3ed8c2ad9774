using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace ErlChat.Client.Tests.Nodes;

/// <summary>A flack client in the lobby. It reads everything, and may talk.</summary>
internal sealed class FlackReader : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<(long Sequence, string Text)> _messages = [];

    /// <summary>What this client has said and not received yet, by its text.</summary>
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long?>> _said = new(StringComparer.Ordinal);

    /// <summary>The messages that it received, in order.</summary>
    internal (long Sequence, string Text)[] Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>The sequence of its own join: it receives everything after that.</summary>
    internal long Joined { get; private set; }

    /// <summary>Ends when the server or the connection does.</summary>
    internal Task Reading { get; private set; } = Task.CompletedTask;

    internal static async Task<FlackReader> JoinAsync(Uri node, string name)
    {
        var reader = new FlackReader();
        try
        {
            await reader._socket.ConnectAsync(new Uri($"ws://{node.Authority}/chat-server"), CancellationToken.None).WithinAsync();
            await reader.SendAsync(new { record = "client_hello", protocol_version = "1.0" });
            await reader.SendAsync(new { record = "authenticate", user_name = name });
            await reader.SendAsync(new { record = "join_chat", chat_name = "lobby" });
            var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reader.Reading = reader.ReadAsync(joined);
            await joined.Task.WithinAsync(TimeSpan.FromSeconds(30));
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Says something that was not said before, and waits until it comes back.</summary>
    /// <returns>Its sequence; null if the connection ended first, so that it may have been said or not.</returns>
    internal async Task<long?> SayAsync(string text)
    {
        var echo = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _said[text] = echo;
        try
        {
            await SendAsync(new { record = "chat_message", chat_name = "lobby", mime_type = "text/plain", message = text });
        }
        catch (WebSocketException)
        {
            // Its node was killed.
        }

        await Task.WhenAny(echo.Task, Reading);
        return echo.Task.IsCompleted ? await echo.Task : null;
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
            case "joined" when Joined == 0:
                Joined = record.GetProperty("sequence").GetInt64();
                joined.TrySetResult();
                break;
            case "chat_message":
                (long sequence, string text) = (record.GetProperty("sequence").GetInt64(), record.GetProperty("message").GetString()!);
                lock (_messages)
                    _messages.Add((sequence, text));
                if (_said.TryRemove(text, out TaskCompletionSource<long?>? echo))
                    echo.TrySetResult(sequence);
                break;
        }
    }
}
