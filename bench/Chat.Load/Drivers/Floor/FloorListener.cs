using System.Globalization;
using System.Text;

namespace ErlChat.Load.Drivers.Floor;

/// <summary>Polls from the last message it received.</summary>
internal sealed class FloorListener(Reactor reactor, int number) : Listener(reactor, number)
{
    private static readonly byte[] s_tail = " HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();

    /// <summary>-1 means from now on.</summary>
    private long _cursor = -1;

    internal override Task EnterAsync() => Task.CompletedTask;

    internal override void Park()
    {
        Span<byte> request = Reactor.SendBuffer;
        ReadOnlySpan<byte> start = "GET /"u8;
        start.CopyTo(request);
        _cursor.TryFormat(request[start.Length..], out int digits, default, CultureInfo.InvariantCulture);
        s_tail.CopyTo(request[(start.Length + digits)..]);
        Connection.Send(request[..(start.Length + digits + s_tail.Length)]);
    }

    protected override string? Refusal(in Reply reply) => reply.Status == 200 ? null : Encoding.Latin1.GetString(reply.Head);

    protected override void Advance(in Reply reply)
    {
        if (Numbers.After(reply.Head, "X-Last: "u8) is >= 0 and var last)
            _cursor = last;
    }
}
