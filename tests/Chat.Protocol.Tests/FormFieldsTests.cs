using System.Text;
using CsCheck;
using ErlChat.Protocol.Comet;

namespace ErlChat.Protocol.Tests;

/// <summary>What is accepted as a form (docs/comet.md, clause 8).</summary>
public class FormFieldsTests
{
    [Theory]
    [InlineData("msg=hi", "msg=hi")]
    [InlineData("", "")]
    [InlineData("msg", "msg=")]
    [InlineData("msg=", "msg=")]
    [InlineData("=x", "=x")]
    [InlineData("&&;;&", "")]
    [InlineData("msg=a;b=c", "b=c|msg=a")]
    [InlineData("msg=a&b=c", "b=c|msg=a")]
    [InlineData("msg=first&msg=second", "msg=first")]
    [InlineData("msg=&msg=second", "msg=")]
    [InlineData("MSG=x", "MSG=x")]
    [InlineData("msg=a=b", "msg=a=b")]
    [InlineData("msg=a+b%20c", "msg=a b c")]
    [InlineData("msg=a%2Bb%26c%3Bd%3De", "msg=a+b&c;d=e")]
    [InlineData("msg=%zz", "msg=%zz")]
    [InlineData("msg=100%", "msg=100%")]
    [InlineData("msg=%4", "msg=%4")]
    [InlineData("msg=%41%4a%4A", "msg=AJJ")]
    [InlineData("msg=%%41", "msg=%A")]
    [InlineData("msg=%e2%82%ac%F0%9f%98%80", "msg=€😀")]
    [InlineData("msg=€", "msg=€")]
    [InlineData("m%73g=x", "msg=x")]
    [InlineData("msg=%00", "msg=\0")]
    [InlineData("msg=%ff", "msg=\ufffd")]
    [InlineData("msg=a%c3", "msg=a\ufffd")]
    [InlineData("msg=%ed%a0%80", "msg=\ufffd\ufffd\ufffd")]
    [InlineData("msg=%ef%bf%be", "msg=\ufffe")]
    [InlineData("msg=x&_=", "_=|msg=x")]
    public void Fields_are_read_as_the_original_read_them(string body, string expected) =>
        Assert.Equal(expected, Shown(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Any_bytes_can_be_parsed_as_a_form() => Property.Holds(
        Gen.Frequency((1, Gen.OneOf("&;=%+0aF"u8.ToArray())), (1, Gen.Byte)).Array[0, 60],
        20_000,
        body => Assert.All(
            FormFields.Parse(body),
            field => Assert.True(Encoding.UTF8.GetByteCount(field.Key) + Encoding.UTF8.GetByteCount(field.Value) <= body.Length * 3)),
        Encoding.Latin1.GetString);

    [Fact]
    public void A_form_encoded_by_a_browser_is_read_back() => Property.Holds(
        RandomTexts.Any.Select(text => string.Concat(text.EnumerateRunes())),
        5_000,
        text =>
        {
            string body = "x=1&msg=" + Uri.EscapeDataString(text) + "&y=2";
            Assert.Equal(text, FormFields.Parse(Encoding.ASCII.GetBytes(body))["msg"]);
        },
        RandomTexts.Show);

    [Theory]
    [InlineData("&")]
    [InlineData("a&")]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("=")]
    public void Any_body_is_read_in_linear_time(string piece)
    {
        // This takes a few hundredths of a second on an idle machine. A quadratic cost would take minutes, so no load can make the two look
        // alike.
        byte[] body = Repeated(piece, 4 * 1024 * 1024);
        long started = TimeProvider.System.GetTimestamp();
        FormFields.Parse(body);
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(took < TimeSpan.FromSeconds(10), $"{took}");
    }

    private static byte[] Repeated(string piece, int length) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, length / piece.Length)));

    private static string Shown(byte[] body) =>
        string.Join(
            '|',
            FormFields.Parse(body).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
}
