using System.Text;
using System.Text.Json;

namespace ErlChat.Load.Drivers.SignalR;

/// <summary>A hub connection: negotiation, handshake of the JSON protocol, then polls, all on one TCP connection.</summary>
internal sealed class SignalRListener(Reactor reactor, int number, string? room) : Listener(reactor, number)
{
    private byte[] _poll = [];

    internal override async Task EnterAsync()
    {
        string suffix = room is null ? "" : "&room=" + room;
        Answer answer = await AskAsync($"POST /hub/negotiate?negotiateVersion=1{suffix} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        using var json = JsonDocument.Parse(answer.Body);
        string address = $"/hub?id={json.RootElement.GetProperty("connectionToken").GetString()}{suffix}";
        string poll = $"GET {address} HTTP/1.1\r\nHost: h\r\n\r\n";
        _poll = Encoding.ASCII.GetBytes(poll);

        // The first poll is answered at once, when the transport is established. The second gets the answer to the handshake.
        await AskAsync(poll);
        const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";
        await AskAsync(
            $"POST {address} HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: {Handshake.Length}\r\n\r\n{Handshake}");
        answer = await AskAsync(poll);
        if (answer.Text != "{}\u001e")
            throw new IOException("The handshake was refused: " + answer);
    }

    internal override void Park() => Connection.Send(_poll);

    protected override string? Refusal(in Reply reply) => reply.Status == 200 ? null : Encoding.Latin1.GetString(reply.Head);

    protected override void Advance(in Reply reply)
    {
        // The server keeps track of how far this connection has read.
    }

    private async Task<Answer> AskAsync(string request)
    {
        Answer answer = await Connection.AskAsync(Encoding.ASCII.GetBytes(request));
        return answer.Status == 200 ? answer : throw new IOException("Refused: " + answer);
    }
}
