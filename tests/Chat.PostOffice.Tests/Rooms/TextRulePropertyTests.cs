using System.Globalization;
using System.Text;
using CsCheck;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>The rule of texts for any text at all.</summary>
public class TextRulePropertyTests
{
    private static readonly ChatOptions s_options = new() { MaxMessageLength = 40, MaxMessageBytes = 200, MaxMarksPerLetter = 3 };

    /// <summary>Up to sixty pieces: mostly letters, and in one text of four much else.</summary>
    private static readonly Gen<string> s_text = Gen.Frequency(
        (3, Pieces(letters: 25, controls: 0)),
        (1, Pieces(letters: 6, controls: 1)));

    [Fact]
    public void A_text_that_passes_keeps_every_bound_and_one_that_is_refused_breaks_one()
    {
        var rule = new TextRule(s_options);
        int passed = 0;
        Property.Holds(s_text, 20_000, AssertRule, Show);
        Assert.InRange(passed, 1_000, 19_000);

        void AssertRule(string text)
        {
            bool fits = Encoding.UTF8.GetByteCount(text) <= 200 && new StringInfo(text).LengthInTextElements <= 40 && MostMarks(text) <= 3;
            bool clean = !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
            Refusal? found = rule.Check(text);
            Assert.True(found is null == (fits && clean), $"{found}, fits {fits}, clean {clean}");
            Assert.True(found is not Refusal.TooLong || !fits);
            Assert.True(found is not Refusal.BadText || !clean);
            Assert.Equal(found, rule.Check(text));
            Assert.False(TextRule.IsLine(text) && TextRule.IsBlank(text));
            passed += found is null ? 1 : 0;
        }
    }

    [Fact]
    public void Names_and_what_they_look_like_never_fail_whatever_the_name_is() => Property.Holds(
        s_text,
        20_000,
        text =>
        {
            string look = Skeleton.Of(text);
            Assert.Equal(look, Skeleton.Of(text));
            if (NameRule.IsName(text, 8))
                Assert.True(text.Length > 0 && !TextRule.IsBlank(text) && text.Trim() == text && TextRule.IsLine(text));
        },
        Show);

    // S5: the text that froze browsers must not take the server's time either. Twice the text takes about twice the time, not four times.
    [Fact]
    public void A_letter_with_thousands_of_marks_is_refused_at_once()
    {
        var wide = new TextRule(new ChatOptions { MaxMessageBytes = 65_536, MaxMarksPerLetter = 100 });
        var usual = new TextRule(new ChatOptions());
        string zalgo = "a" + new string('\u0301', 32_000);
        string legal = string.Concat(Enumerable.Repeat("a" + new string('\u0301', 100), 300));
        Assert.Equal(Refusal.TooLong, usual.Check(zalgo));
        Assert.Equal(Refusal.TooLong, wide.Check(zalgo));
        Assert.Null(wide.Check(legal));
        double refused = Quickest(() => usual.Check(zalgo));
        double counted = Quickest(() => wide.Check(legal));
        double half = Quickest(() => wide.Check(legal[..(legal.Length / 2)]));
        TestContext.Current.TestOutputHelper?.WriteLine($"64 KB of marks: refused in {refused:0.000} ms; 60 KB that pass: {counted:0.000} ms, half of it {half:0.000} ms");
        Assert.InRange(refused, 0, 1);
        Assert.InRange(counted, 0, 20);
        Assert.InRange(counted / half, 0, 4);
    }

    private static double Quickest(Action check)
    {
        double best = double.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            check();
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }

    private static int MostMarks(string text)
    {
        int most = 0, marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            marks = Characters.IsMark(rune) ? marks + 1 : Characters.IsIgnorable(rune.Value) ? marks : 0;
            most = Math.Max(most, marks);
        }

        return most;
    }

    private static Gen<string> Pieces(int letters, int controls) => Gen.Frequency(
        (1, Gen.OneOf("\u0301", "\u0323", "\u20e3", "\u0903", "\ufe0f")),
        (1, Gen.OneOf("\u200d", "\u200b", "\u202e", "\u2066", "\u3164", "\u2800", "\u00ad")),
        (1, Gen.OneOf("\n", "\r\n", "\t", " ", "\u2028", "\u00a0")),
        (controls, Gen.OneOf("\0", "\u001b", "\u0085", "\u007f")),
        (1, Gen.OneOf("👩‍👩‍👧", "🇩🇪", "👍🏽", "각", "\u1100\u1161", "क्ष")),
        (1, Gen.Int[0xA0, 0x10FFFE].Select(value => (Rune.IsValid(value) ? new Rune(value) : new Rune(0xFFFD)).ToString())),
        (letters, Gen.Char['A', 'z'].Select(letter => letter.ToString()))).Array[0, 59].Select(string.Concat);

    private static string Show(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
