using System.Globalization;
using System.Text;

namespace ErlChat.Load.Drivers.Comet;

/// <summary>A session that polls <c>/chat/wait/</c> like the page, which is told of edits and reactions too.</summary>
internal sealed class CometListener(Reactor reactor, int number, string? room) : Listener(reactor, number)
{
    private byte[] _tail = [];
    private long _cursor;

    /// <summary>The cookie of its session.</summary>
    internal string Cookie { get; private set; } = "";

    internal override async Task EnterAsync()
    {
        Cookie = await CometLogin.EnterAsync(Connection, $"p{Number}", room);
        _tail = Encoding.ASCII.GetBytes($"&joins=all HTTP/1.1\r\nHost: h\r\nCookie: {Cookie}\r\n\r\n");
    }

    /// <summary>Moves the cursor to the position after the last login, so that the poll really parks.</summary>
    internal override async Task CatchUpAsync()
    {
        Answer answer = await Connection.AskAsync(
            Encoding.ASCII.GetBytes($"GET /chat/start/?joins=all HTTP/1.1\r\nHost: h\r\nCookie: {Cookie}\r\n\r\n"));
        _cursor = Numbers.After(answer.Body, "\"response\":"u8);
        if (answer.Status != 200 || _cursor < 0)
            throw new IOException("No start: " + answer);
    }

    internal override void Park()
    {
        Span<byte> request = Reactor.SendBuffer;
        ReadOnlySpan<byte> start = "GET /chat/wait/?msg_id="u8;
        start.CopyTo(request);
        _cursor.TryFormat(request[start.Length..], out int digits, default, CultureInfo.InvariantCulture);
        _tail.CopyTo(request[(start.Length + digits)..]);
        Connection.Send(request[..(start.Length + digits + _tail.Length)]);
    }

    protected override string? Refusal(in Reply reply) =>
        reply.Status == 200 && reply.Body.StartsWith("{\"status\":\"ok\""u8)
            ? null
            : $"{reply.Status} {Encoding.UTF8.GetString(reply.Body)}";

    protected override void Advance(in Reply reply)
    {
        long last = Numbers.AfterLast(reply.Body, "{\"id\":"u8);
        if (last >= 0)
            _cursor = last + 1;
    }
}
