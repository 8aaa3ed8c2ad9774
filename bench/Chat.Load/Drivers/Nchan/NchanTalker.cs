namespace ErlChat.Load.Drivers.Nchan;

/// <summary>Publishes with POST. It creates messages in the same format as ours, since nchan does not create one.</summary>
internal sealed class NchanTalker(Reactor reactor, string channel) : Talker(reactor)
{
    protected override string Request(string text)
    {
        string body = $"{{\"t\":\"chat_msg\",\"d\":{{\"nick\":\"talker\",\"msg\":\"{text}\"}},\"at\":\"2026-01-01T00:00:00.000Z\"}}";
        return $"POST /pub/{channel} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
