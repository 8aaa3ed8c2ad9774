using System.Buffers;
using System.Text;
using CsCheck;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Tests.Flack;

/// <summary>Frames of any size, which arrive in pieces of any size.</summary>
public class FramePropertyTests
{
    private static readonly Gen<Message> s_message = Gen.Select(
        Gen.Frequency(
            (6, Gen.String.Select(text => (Frame.TextOpcode, Encoding.UTF8.GetBytes(text)))),
            (3, Gen.Byte.Array[0, 200].Select(bytes => (Frame.BinaryOpcode, bytes))),
            (1, Gen.Byte.Array[65_000, 66_000].Select(bytes => (Frame.BinaryOpcode, bytes)))),
        Gen.Int[0, 66_000].Array[0, 3],
        Gen.Byte.Array[0, Frame.MaxControlPayload],
        (content, cuts, ping) => new Message(content.Item1, content.Item2, cuts, ping));

    [Fact]
    public Task A_message_is_read_completely_however_it_is_split() => Property.HoldsAsync(
        Gen.Select(s_message.Array[0, 4], Gen.Int[1, 5000].Array[1, 5]),
        300,
        one => CompareAsync(one.Item1, one.Item2));

    [Fact]
    public void A_frame_from_the_server_declares_its_length() => Property.Holds(
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Byte.Array[65_000, 66_000]),
        200,
        payload =>
        {
            byte[] frame = Frame.Text(payload);
            Assert.True(FrameHeader.TryParse(new ReadOnlySequence<byte>(frame), out FrameHeader header, out int length));
            Assert.Equal((Frame.TextOpcode, true, false), (header.Opcode, header.IsFinal, header.IsMasked));
            Assert.Equal(payload.Length, header.Length);
            Assert.Equal(payload, frame[length..]);
        });

    private static async Task CompareAsync(Message[] messages, int[] pieces)
    {
        var sent = new List<byte>();
        var expected = new List<(ReceivedKind Kind, string Payload)>();
        foreach (Message message in messages)
            Send(message, sent, expected);
        var read = new List<(ReceivedKind Kind, string Payload)>();
        await using var stream = new PiecewiseStream([.. sent], pieces);
        await using var reader = new FrameReader(stream, 70_000, new ManualTimeProvider());
        for (Received one = await reader.ReadAsync(); one.Kind != ReceivedKind.End; one = await reader.ReadAsync())
            read.Add((one.Kind, Convert.ToHexString(one.Payload.Span)));
        Assert.Equal(expected, read);
    }

    /// <summary>Sends the message in fragments, with a ping before each continuation. The pings must be read before the message.</summary>
    private static void Send(Message message, List<byte> sent, List<(ReceivedKind Kind, string Payload)> expected)
    {
        int[] ends = [.. message.Cuts.Select(cut => cut % (message.Content.Length + 1)).Order(), message.Content.Length];
        int start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            if (i > 0)
            {
                sent.AddRange(FlackWire.FrameOf(Frame.PingOpcode, message.Ping));
                expected.Add((ReceivedKind.Ping, Convert.ToHexString(message.Ping)));
            }

            int opcode = i == 0 ? message.Opcode : Frame.Continuation;
            sent.AddRange(FlackWire.FrameOf(opcode, message.Content[start..ends[i]], final: i == ends.Length - 1));
            start = ends[i];
        }

        ReceivedKind kind = message.Opcode == Frame.TextOpcode ? ReceivedKind.Text : ReceivedKind.Binary;
        expected.Add((kind, Convert.ToHexString(message.Content)));
    }

    /// <param name="Cuts">The positions at which the content is split into fragments, modulo its length.</param>
    private sealed record Message(int Opcode, byte[] Content, int[] Cuts, byte[] Ping);

    /// <summary>Returns its bytes in pieces of these sizes, repeated cyclically.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int[] pieces) : MemoryStream(bytes, writable: false)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            buffer.IsEmpty
                ? new(0)
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_reads++ % pieces.Length])], cancellationToken);
    }
}
