namespace ErlChat.Load.Drivers.Floor;

/// <summary>Sends with POST.</summary>
internal sealed class FloorTalker(Reactor reactor) : Talker(reactor)
{
    protected override string Request(string text) => $"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {text.Length}\r\n\r\n{text}";
}
