using System.Net.WebSockets;
using System.Text;

namespace ErlChat.Web.Tests.Flack;

/// <summary>A WebSocket within an HTTP/2 connection (RFC 8441), as browsers use it over TLS.</summary>
public sealed class FlackHttp2Tests
{
    [Fact]
    public async Task The_wire_works_over_HTTP_2_too_beyond_the_size_limit_of_a_body()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Kestrel:EndpointDefaults:Protocols=Http2"]);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/chat-server"), http, CancellationToken.None).WithinAsync();
        await SayAsync("""{"record":"client_hello","protocol_version":"1.0"}""");
        Assert.Equal("""{"record":"server_hello","protocol_version":"1.0"}""", await HearAsync());
        await SayAsync("""{"record":"authenticate","user_name":"ann"}""");
        await HearAsync();
        await SayAsync("""{"record":"join_chat","chat_name":"r"}""");
        await HearAsync();
        await HearAsync();
        string text = new('x', 2000);
        for (int i = 0; i < 100; i++)
        {
            await SayAsync($$"""{"record":"chat_message","chat_name":"r","mime_type":"text/plain","message":"{{text}}"}""");
            Assert.Contains(text, await HearAsync(), StringComparison.Ordinal);
        }

        await SayAsync("""{"record":"client_goodbye"}""");
        Assert.Equal("""{"record":"server_goodbye"}""", await HearAsync());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinAsync();
        await FlackServer.EmptyAsync(server);

        Task SayAsync(string record) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(record), WebSocketMessageType.Text, true, CancellationToken.None).WithinAsync();

        async Task<string> HearAsync()
        {
            byte[] buffer = new byte[8192];
            int count = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(count), CancellationToken.None).WithinAsync();
                count += part.Count;
            }
            while (!part.EndOfMessage);
            return Encoding.UTF8.GetString(buffer.AsSpan(0, count));
        }
    }
}
