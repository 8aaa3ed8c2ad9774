using System.Buffers;
using System.IO.Pipelines;

namespace ErlChat.Web.Backpressure;

/// <summary>Writes one long answer piece by piece. Not thread-safe.</summary>
/// <param name="flush">Sends what was written and waits until there is room for more. Returns false if the client has gone.</param>
internal sealed class PieceWriter(PipeWriter output, Func<ValueTask<bool>> flush)
{
    /// <summary>The length of a piece in bytes: half of what a connection's buffer holds before a writer has to wait.</summary>
    internal const int Piece = 32 * 1024;

    private int _written;
    private bool _isOver;

    internal static async ValueTask WriteAsync(PieceWriter output, ReadOnlyMemory<byte> body)
    {
        await output.WriteAsync(body);
        await output.EndAsync();
    }

    /// <summary>Writes bytes, and waits whenever a piece is full. Does nothing if the client has gone.</summary>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty && !_isOver)
        {
            ReadOnlyMemory<byte> next = bytes[..Math.Min(bytes.Length, Piece - _written)];
            output.Write(next.Span);
            bytes = bytes[next.Length..];
            _written += next.Length;
            if (_written == Piece)
                await EndAsync();
        }
    }

    /// <summary>Sends the rest.</summary>
    internal async ValueTask EndAsync()
    {
        if (_written == 0 || _isOver)
            return;
        _written = 0;
        _isOver = !await flush();
    }
}
