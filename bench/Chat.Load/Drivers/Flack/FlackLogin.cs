using System.Text;

namespace ErlChat.Load.Drivers.Flack;

/// <summary>
/// Upgrade, hello, authenticate, join. Other users' events arrive in between, so every frame is passed to this login until the one that it
/// waits for arrives.
/// </summary>
internal sealed class FlackLogin
{
    private byte[] _wanted = [];
    private TaskCompletionSource<string> _seen = new();

    /// <summary>During this call, frames must be passed to <see cref="See"/>.</summary>
    internal async Task EnterAsync(Connection connection, string name, string chat)
    {
        Answer answer = await connection.AskAsync(
            "GET /chat-server HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"u8
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8);
        if (answer.Status != 101)
            throw new IOException("The upgrade was refused: " + answer);
        connection.Framing = WebSocketFraming.Instance;
        await AskAsync(connection, """{"record":"client_hello","protocol_version":"1.0"}""", "\"server_hello\"");
        string record = await AskAsync(connection, $$"""{"record":"authenticate","user_name":"{{name}}"}""", "\"authenticated\"");
        const string Mark = "\"user_id\":\"";
        string id = record[(record.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..record.LastIndexOf('"')];
        await AskAsync(
            connection,
            $$"""{"record":"join_chat","chat_name":"{{chat}}"}""",
            $"\"joined\",\"chat_name\":\"{chat}\",\"user_name\":\"{name}\",\"user_id\":\"{id}\"");
    }

    internal void See(ReadOnlySpan<byte> record)
    {
        if (_wanted.Length == 0)
            return;
        if (record.IndexOf("\"protocol_error\""u8) >= 0)
            _seen.TrySetException(new IOException(Encoding.UTF8.GetString(record)));
        else if (record.IndexOf(_wanted) >= 0)
            _seen.TrySetResult(Encoding.UTF8.GetString(record));
    }

    private async Task<string> AskAsync(Connection connection, string record, string wanted)
    {
        _seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted = Encoding.ASCII.GetBytes(wanted);
        connection.Send(WebSocketFraming.Frame(Encoding.ASCII.GetBytes(record)));
        string seen = await _seen.Task;
        _wanted = [];
        return seen;
    }
}
