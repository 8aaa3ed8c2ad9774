using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using ErlChat.Protocol.Flack;

namespace ErlChat.Terminal.Flack;

/// <summary>A connection to a flack server: requests out, records in.</summary>
/// <param name="received">Told of every record, in its own words and parsed.</param>
internal sealed class FlackSocket(Action<string, FlackRecord> received) : IDisposable
{
    /// <summary>Longest record that is taken, in bytes: a chat_state of some ten thousand people.</summary>
    private const int MaxRecord = 4 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();

    internal Task ConnectAsync(Uri url, CancellationToken cancellationToken) => _socket.ConnectAsync(url, cancellationToken);

    internal Task SendAsync(FlackRequest request, CancellationToken cancellationToken) =>
        _socket.SendAsync(FlackJson.Encode(request), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>The next record.</summary>
    /// <exception cref="FlackClosedException">The server closed, or sent what is no record.</exception>
    internal async Task<FlackRecord> ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.GetMemory(4096), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new FlackClosedException($"The server closed the connection ({(int?)_socket.CloseStatus ?? 1005}).");
            buffer.Advance(part.Count);
            if (buffer.WrittenCount > MaxRecord)
                throw new FlackClosedException("The server sent a record that is too long.");
        }
        while (!part.EndOfMessage);

        try
        {
            FlackRecord record = FlackJson.ReadRecord(buffer.WrittenSpan);
            received(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan), record);
            return record;
        }
        catch (JsonException e)
        {
            throw new FlackClosedException($"The server sent something that is not a record: {e.Message}");
        }
    }

    /// <summary>Answers the server's close, or begins one.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>The conversation cannot go on.</summary>
internal sealed class FlackClosedException(string message) : Exception(message);
