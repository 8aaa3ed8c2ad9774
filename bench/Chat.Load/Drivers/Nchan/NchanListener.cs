using System.Text;

namespace ErlChat.Load.Drivers.Nchan;

/// <summary>A long-polling subscriber. The Last-Modified and Etag headers of an answer say where the next poll continues.</summary>
internal sealed class NchanListener(Reactor reactor, int number, string channel) : Listener(reactor, number)
{
    private readonly byte[] _start = Encoding.ASCII.GetBytes($"GET /sub/{channel} HTTP/1.1\r\nHost: h\r\n");
    private byte[] _modified = [];
    private byte[] _tag = [];

    internal override Task EnterAsync() => Task.CompletedTask;

    internal override void Park()
    {
        Span<byte> buffer = Reactor.SendBuffer;
        int length = 0;
        Add(buffer, _start, ref length);
        if (_modified.Length > 0)
        {
            Add(buffer, "If-Modified-Since: "u8, ref length);
            Add(buffer, _modified, ref length);
            Add(buffer, "\r\nIf-None-Match: "u8, ref length);
            Add(buffer, _tag, ref length);
            Add(buffer, "\r\n"u8, ref length);
        }

        Add(buffer, "\r\n"u8, ref length);
        Connection.Send(buffer[..length]);
    }

    protected override string? Refusal(in Reply reply) => reply.Status is 200 or 304 ? null : Encoding.Latin1.GetString(reply.Head);

    protected override void Advance(in Reply reply)
    {
        if (Headers.TryFind(reply.Head, "last-modified"u8, out ReadOnlySpan<byte> modified))
            Keep(ref _modified, modified);
        if (Headers.TryFind(reply.Head, "etag"u8, out ReadOnlySpan<byte> tag))
            Keep(ref _tag, tag);
    }

    private static void Keep(ref byte[] where, ReadOnlySpan<byte> value)
    {
        if (where.Length == value.Length)
            value.CopyTo(where);
        else
            where = value.ToArray();
    }

    private static void Add(Span<byte> buffer, ReadOnlySpan<byte> bytes, ref int length)
    {
        bytes.CopyTo(buffer[length..]);
        length += bytes.Length;
    }
}
