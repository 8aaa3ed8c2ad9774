using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class WebSocketFramingTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(70_000)]
    public void A_frame_is_complete_only_when_its_last_byte_has_arrived(int length)
    {
        byte[] frame = Frame(0x81, new byte[length]);
        foreach (int there in new[] { 0, 1, 2, 3, 9, frame.Length - 1 }.Where(there => there < frame.Length))
            Assert.False(WebSocketFraming.Instance.TryRead(frame.AsSpan(0, there), out _, out _), $"with {there} bytes");

        Assert.Equal(length, Assert.Single(Replies.Read(WebSocketFraming.Instance, frame, out _)).Body.Length);
    }

    [Fact]
    public void A_ping_between_texts_is_not_a_text()
    {
        byte[] input = [.. Frame(0x81, [1]), .. Frame(0x89, [2]), .. Frame(0x81, [3])];
        Assert.Equal([1, 0, 1], Replies.Read(WebSocketFraming.Instance, input, out _).Select(answer => answer.Body.Length));
    }

    [Fact]
    public void A_close_ends_the_connection_and_reports_its_code()
    {
        var e = Assert.Throws<InvalidDataException>(() => Replies.Read(WebSocketFraming.Instance, Frame(0x88, [0x03, 0xf0]), out _));
        Assert.Contains("1008", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(300, 8)]
    public void A_client_masks_its_frames(int length, int head)
    {
        byte[] frame = WebSocketFraming.Frame(new byte[length]);
        Assert.Equal(head + length, frame.Length);
        Assert.NotEqual(0, frame[1] & 0x80);
    }

    private static byte[] Frame(byte first, byte[] body) => body.Length switch
    {
        < 126 => [first, (byte)body.Length, .. body],
        < 65536 => [first, 126, (byte)(body.Length >> 8), (byte)body.Length, .. body],
        _ =>
        [
            first, 127, 0, 0, 0, 0, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length,
            .. body,
        ],
    };
}
