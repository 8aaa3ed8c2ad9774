using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Unicode;

namespace ErlChat.Web.WebSockets;

/// <summary>
/// Reads a client's frames (RFC 6455, section 5) and joins fragments into messages. Control frames between fragments are returned at once.
/// </summary>
/// <remarks>
/// The framework's <c>WebSocket</c> is not used because it hides pings and cannot send a close without a status (docs/adr/0006). Not
/// thread-safe.
/// </remarks>
/// <param name="maxMessage">The longest message in bytes. A longer one is a fault as soon as its length is known.</param>
/// <param name="takeControl">
/// Called for each control frame and empty fragment; returns whether it is allowed. Null allows any number.
/// </param>
internal sealed class FrameReader(Stream stream, int maxMessage, TimeProvider time, Func<bool>? takeControl = null) : IAsyncDisposable
{
    /// <summary>
    /// If the message buffer has grown beyond this many bytes, it is released, so that an idle connection holds little memory.
    /// </summary>
    private const int KeptBuffer = 4096;

    /// <summary>How long a client must be silent after a fault before the server stops reading.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);

    private readonly PipeReader _pipe =
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, leaveOpen: true, useZeroByteReads: true));
    private ArrayBufferWriter<byte> _message = new();
    private int _messageOpcode;
    private bool _messageDone;
    private long _lastReceived = time.GetTimestamp();

    /// <summary>The timestamp at which bytes last arrived. Any bytes count, because they show that the client is still there.</summary>
    internal long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Reads the next message or control frame. Pongs are skipped, because the server never sends pings.</summary>
    internal async ValueTask<Received> ReadAsync()
    {
        if (_messageDone)
            ForgetMessage();
        while (true)
        {
            FrameHeader header;
            switch (await ReadHeaderAsync())
            {
                case { } read:
                    header = read;
                    break;
                case null:
                    return new Received(ReceivedKind.End);
            }

            if (FaultOf(header) is { } status)
                return Received.Fault(status);
            if ((header.IsControl || (header.Length == 0 && !header.IsFinal)) && takeControl?.Invoke() == false)
                return Received.Fault(CloseStatus.Policy);
            if (header.IsControl)
            {
                if (await ReadControlAsync(header) is { } control)
                    return control;
                continue;
            }

            if (header.Opcode != Frame.Continuation)
                _messageOpcode = header.Opcode;
            if (!await ReadPayloadAsync(header))
                return new Received(ReceivedKind.End);
            if (header.IsFinal)
                return TakeMessage();
        }
    }

    /// <summary>
    /// Reads and discards what the client sends after a fault, until it closes or has been silent for a moment. If the connection were cut
    /// while the client is still sending, it might never read the reason.
    /// </summary>
    internal async Task DiscardAsync()
    {
        await using ITimer quiet = time.CreateTimer(
            static pipe => ((PipeReader)pipe!).CancelPendingRead(), _pipe, s_quiet, Timeout.InfiniteTimeSpan);
        while (await ReadMoreAsync() is { } more)
        {
            _pipe.AdvanceTo(more.Buffer.End);
            if (more.IsCanceled || more.IsCompleted)
                return;
            quiet.Change(s_quiet, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    /// <summary>The close status for an invalid frame, judged by its header; null if the header is valid.</summary>
    private ushort? FaultOf(in FrameHeader header)
    {
        bool fragmented = _messageOpcode != 0;
        bool wellFormed = header.IsMasked && !header.HasReservedBits && header.Opcode switch
        {
            Frame.Continuation => fragmented,
            Frame.TextOpcode or Frame.BinaryOpcode => !fragmented,
            Frame.CloseOpcode or Frame.PingOpcode or Frame.PongOpcode => header.IsFinal && header.Length <= Frame.MaxControlPayload,
            _ => false,
        };
        if (!wellFormed || header.Length < 0)
            return CloseStatus.ProtocolError;
        return !header.IsControl && header.Length > maxMessage - _message.WrittenCount ? CloseStatus.TooBig : null;
    }

    private async ValueTask<FrameHeader?> ReadHeaderAsync()
    {
        while (await ReadMoreAsync() is { } more)
        {
            if (FrameHeader.TryParse(more.Buffer, out FrameHeader header, out int length))
            {
                _pipe.AdvanceTo(more.Buffer.GetPosition(length));
                return header;
            }

            _pipe.AdvanceTo(more.Buffer.Start, more.Buffer.End);
            if (more.IsCompleted)
                return null;
        }

        return null;
    }

    /// <summary>Appends a data frame's payload to the message as it arrives. Returns false if the connection ended first.</summary>
    private async ValueTask<bool> ReadPayloadAsync(FrameHeader header)
    {
        int taken = 0;
        while (taken < header.Length)
        {
            if (await ReadMoreAsync() is not { } more)
                return false;
            int count = (int)Math.Min(more.Buffer.Length, header.Length - taken);
            Span<byte> target = _message.GetSpan(count)[..count];
            more.Buffer.Slice(0, count).CopyTo(target);
            header.Unmask(target, taken);
            _message.Advance(count);
            taken += count;
            _pipe.AdvanceTo(more.Buffer.GetPosition(count));
            if (more.IsCompleted && taken < header.Length)
                return false;
        }

        return true;
    }

    private async ValueTask<Received?> ReadControlAsync(FrameHeader header)
    {
        byte[] payload = new byte[header.Length];

        // An empty payload must not wait for more bytes.
        while (payload.Length > 0)
        {
            if (await ReadMoreAsync() is not { } more)
                return new Received(ReceivedKind.End);
            if (more.Buffer.Length >= payload.Length)
            {
                more.Buffer.Slice(0, payload.Length).CopyTo(payload);
                _pipe.AdvanceTo(more.Buffer.GetPosition(payload.Length));
                break;
            }

            _pipe.AdvanceTo(more.Buffer.Start, more.Buffer.End);
            if (more.IsCompleted)
                return new Received(ReceivedKind.End);
        }

        header.Unmask(payload, 0);
        return header.Opcode switch
        {
            Frame.PingOpcode => new Received(ReceivedKind.Ping, payload),
            Frame.CloseOpcode => CloseOf(payload),
            _ => null,
        };
    }

    private static Received CloseOf(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return new Received(ReceivedKind.Close);
        if (payload.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(payload) is var status && !CloseStatus.MayBeSent(status))
            return Received.Fault(CloseStatus.ProtocolError);
        return Utf8.IsValid(payload[2..]) ? new Received(ReceivedKind.Close, default, status) : Received.Fault(CloseStatus.InvalidText);
    }

    private Received TakeMessage()
    {
        _messageDone = true;
        if (_messageOpcode == Frame.BinaryOpcode)
            return new Received(ReceivedKind.Binary, _message.WrittenMemory);
        return Utf8.IsValid(_message.WrittenSpan)
            ? new Received(ReceivedKind.Text, _message.WrittenMemory)
            : Received.Fault(CloseStatus.InvalidText);
    }

    private void ForgetMessage()
    {
        (_messageDone, _messageOpcode) = (false, 0);
        if (_message.Capacity > KeptBuffer)
            _message = new ArrayBufferWriter<byte>();
        else
            _message.ResetWrittenCount();
    }

    /// <summary>Reads from the pipe. The result may include bytes that were examined before. Null if the connection broke.</summary>
    private async ValueTask<ReadResult?> ReadMoreAsync()
    {
        try
        {
            ReadResult read = await _pipe.ReadAsync();
            if (!read.Buffer.IsEmpty)
                Volatile.Write(ref _lastReceived, time.GetTimestamp());
            return read;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
