namespace ErlChat.Load.Drivers.SignalR;

/// <summary>Sends through the sample program's <c>/say</c>, which is cheaper than a hub call.</summary>
internal sealed class SignalRTalker(Reactor reactor, string? room) : Talker(reactor)
{
    protected override string Request(string text) =>
        $"POST /say{(room is null ? "" : "?room=" + room)} HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
        + $"Content-Length: {text.Length}\r\n\r\n{text}";
}
