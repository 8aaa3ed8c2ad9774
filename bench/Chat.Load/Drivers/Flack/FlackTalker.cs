using System.Text;

namespace ErlChat.Load.Drivers.Flack;

/// <summary>A member that sends. Its own messages come back to it, as the wire requires.</summary>
internal sealed class FlackTalker(Reactor reactor, int number, string chat) : Talker(reactor)
{
    private FlackLogin? _login = new();

    internal override async Task EnterAsync(int port)
    {
        await base.EnterAsync(port);
        await _login!.EnterAsync(Connection, $"talker{number}", chat);
        _login = null;
    }

    protected override string Request(string text) =>
        $$"""{"record":"chat_message","chat_name":"{{chat}}","mime_type":"text/plain","message":"{{text}}"}""";

    protected override byte[] Frame(string request) => WebSocketFraming.Frame(Encoding.ASCII.GetBytes(request));

    protected override string? Refusal(in Reply reply)
    {
        _login?.See(reply.Body);
        return null;
    }
}
