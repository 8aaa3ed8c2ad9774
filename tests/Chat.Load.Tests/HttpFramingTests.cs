using ErlChat.Load.Wire;

namespace ErlChat.Load.Tests;

public class HttpFramingTests
{
    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 11\r\n\r\n{\"ok\":\"ä\"}";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nC\r\n, wide world\r\n0\r\n\r\n";
    private const string Bare = "HTTP/1.1 304 Not Modified\r\nEtag: 7\r\n\r\n";

    private readonly HttpFraming _framing = new();

    [Theory]
    [InlineData(Plain, 200, "{\"ok\":\"ä\"}")]
    [InlineData(Chunked, 200, "hello, wide world")]
    [InlineData(Bare, 304, "")]
    public void A_reply_is_complete_only_when_its_last_byte_has_arrived(string text, int status, string body)
    {
        byte[] bytes = Replies.Bytes(text);
        for (int there = 0; there < bytes.Length; there++)
            Assert.False(_framing.TryRead(bytes.AsSpan(0, there), out _, out _), $"with {there} of {bytes.Length} bytes");

        Answer answer = Assert.Single(Replies.Read(_framing, bytes, out int left));
        Assert.Equal((status, body, 0), (answer.Status, answer.Text, left));
    }

    [Fact]
    public void Replies_that_arrive_together_are_read_one_at_a_time()
    {
        List<Answer> answers = Replies.Read(_framing, Replies.Bytes(Plain + Chunked + Bare + Plain[..^1]), out int left);
        Assert.Equal([200, 200, 304], answers.Select(answer => answer.Status));
        Assert.Equal("hello, wide world", answers[1].Text);
        Assert.Equal(Replies.Bytes(Plain).Length - 1, left);
    }

    [Fact]
    public void A_chunked_body_may_be_longer_than_all_previous_ones()
    {
        string large = new('x', 100_000);
        string text = $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{large.Length:x}\r\n{large}\r\n0\r\n\r\n";
        Assert.Equal(large, Assert.Single(Replies.Read(_framing, Replies.Bytes(text), out _)).Text);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n\r\n")]
    public void Malformed_replies_are_reported_at_once(string text) =>
        Assert.Throws<InvalidDataException>(() => Replies.Read(_framing, Replies.Bytes(text), out _));

    [Fact]
    public void Headers_are_found_in_any_case_and_not_inside_others()
    {
        byte[] head = Replies.Bytes("HTTP/1.1 200 OK\r\nX-Etag: wrong\r\nETAG:  7 \r\n");
        Assert.True(Headers.TryFind(head, "etag"u8, out ReadOnlySpan<byte> value));
        Assert.True(value.SequenceEqual("7"u8));
        Assert.False(Headers.TryFind(head, "tag"u8, out _));
    }
}
