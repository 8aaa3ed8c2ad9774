using System.Text;
using System.Text.Json;

namespace ErlChat.Protocol.Tests;

/// <summary>JSON strings as both original servers wrote them: raw UTF-8, with escapes only where JSON requires them.</summary>
public class WireEncoderTests
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = WireEncoder.Instance, SkipValidation = true };

    [Theory]
    [InlineData("plain / <b> & ' + =", "plain / <b> & ' + =")]
    [InlineData("\"\\", "\\\"\\\\")]
    [InlineData("\n\r\t\b\f", "\\n\\r\\t\\b\\f")]
    [InlineData("\u0000\u0001\u000b\u001f", "\\u0000\\u0001\\u000B\\u001F")]
    [InlineData("\u007f\u0080\u009f\u00a0", "\u007f\u0080\u009f\u00a0")]
    [InlineData("\u2028\u2029\ufeff\ufffe\uffff\ue000\u0378", "\u2028\u2029\ufeff\ufffe\uffff\ue000\u0378")]
    [InlineData("é€漢", "é€漢")]
    [InlineData("😀🇩🇪👩‍👩‍👧", "😀🇩🇪👩‍👩‍👧")]
    [InlineData("", "")]
    public void Only_what_JSON_requires_is_escaped(string text, string expected) => Assert.Equal('"' + expected + '"', Encode(text));

    public static TheoryData<string, string> LoneSurrogates => new()
    {
        { "\ud83d", "\ufffd" },
        { "\ude00", "\ufffd" },
        { "a\ud83d", "a\ufffd" },
        { "\ud83da", "\ufffda" },
        { "\ude00\ud83d", "\ufffd\ufffd" },
        { "\ud83d\ud83d\ude00", "\ufffd😀" },
        { "x\ud83d\ny", "x\ufffd\\ny" },
    };

    [Theory]
    [MemberData(nameof(LoneSurrogates), DisableDiscoveryEnumeration = true)]
    public void A_lone_surrogate_becomes_the_replacement_character(string text, string expected)
    {
        // The framework writes the encoder's result for U+FFFD, raw here or escaped. Either way it reads back as one character.
        string encoded = Encode(text);
        Assert.Equal(JsonDocument.Parse('"' + expected + '"').RootElement.GetString(), JsonDocument.Parse(encoded).RootElement.GetString());
        Assert.DoesNotContain('\ud83d', encoded.Replace("😀", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_single_character_reads_back_as_itself()
    {
        for (int code = 0; code <= 0x10ffff; code++)
        {
            if (code is >= 0xd800 and <= 0xdfff)
                continue;
            string text = char.ConvertFromUtf32(code);
            if (text != Decode(Bytes(text)))
                Assert.Fail($"U+{code:X4}");
        }
    }

    [Fact]
    public void Any_well_formed_text_reads_back_equal_and_any_other_with_replacement_characters() => Property.Holds(
        RandomTexts.Any,
        20_000,
        text => Assert.Equal(string.Concat(text.EnumerateRunes()), Decode(Bytes(text))),
        RandomTexts.Show);

    [Fact]
    public void A_long_text_is_encoded_like_a_short_one()
    {
        string text = string.Concat(Enumerable.Repeat("\u0000\"é😀\ufffe", 20_000));
        Assert.Equal(text, Decode(Bytes(text)));
    }

    private static string Encode(string text) => Encoding.UTF8.GetString(Bytes(text));

    private static byte[] Bytes(string text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
            json.WriteStringValue(text);
        return stream.ToArray();
    }

    private static string? Decode(byte[] json)
    {
        using JsonDocument parsed = JsonDocument.Parse(json);
        return parsed.RootElement.GetString();
    }
}
