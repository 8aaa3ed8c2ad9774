using System.Globalization;
using System.Text;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>The rule of texts for any text at all.</summary>
public class TextRulePropertyTests
{
    private static readonly ChatOptions s_options = new() { MaxMessageLength = 40, MaxMessageBytes = 200, MaxMarksPerLetter = 3 };

    [Fact]
    public void A_text_that_passes_keeps_every_bound_and_one_that_is_refused_breaks_one() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        var rule = new TextRule(s_options);
        int passed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText(random);
            bool fits = Encoding.UTF8.GetByteCount(text) <= 200 && new StringInfo(text).LengthInTextElements <= 40 && MostMarks(text) <= 3;
            bool clean = !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
            Refusal? found = rule.Check(text);
            Assert.True(found is null == (fits && clean), $"Text {i}: {found}, fits {fits}, clean {clean}");
            Assert.True(found is not Refusal.TooLong || !fits, $"Text {i}");
            Assert.True(found is not Refusal.BadText || !clean, $"Text {i}");
            Assert.Equal(found, rule.Check(text));
            Assert.False(TextRule.IsLine(text) && TextRule.IsBlank(text), $"Text {i}");
            passed += found is null ? 1 : 0;
        }

        Assert.InRange(passed, 1_000, 19_000);
    });

    [Fact]
    public void Names_and_what_they_look_like_never_fail_whatever_the_name_is() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText(random);
            string look = Skeleton.Of(text);
            Assert.True(look == Skeleton.Of(text), $"Text {i}");
            if (NameRule.IsName(text, 8))
                Assert.True(text.Length > 0 && !TextRule.IsBlank(text) && text.Trim() == text && TextRule.IsLine(text), $"Text {i}");
        }
    });

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

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        int length = random.Next(60);
        bool wild = random.Next(4) == 0;
        for (int i = 0; i < length; i++)
        {
            text.Append(random.Next(wild ? 12 : 30) switch
            {
                0 => Pick(random, ["\u0301", "\u0323", "\u20e3", "\u0903", "\ufe0f"]),
                1 => Pick(random, ["\u200d", "\u200b", "\u202e", "\u2066", "\u3164", "\u2800", "\u00ad"]),
                2 => Pick(random, ["\n", "\r\n", "\t", " ", "\u2028", "\u00a0"]),
                3 when wild => Pick(random, ["\0", "\u001b", "\u0085", "\u007f"]),
                4 => Pick(random, ["👩‍👩‍👧", "🇩🇪", "👍🏽", "각", "\u1100\u1161", "क्ष"]),
                5 => RandomRune(random).ToString(),
                _ => ((char)random.Next('A', 'z' + 1)).ToString(),
            });
        }

        return text.ToString();
    }

    private static string Pick(Random random, string[] all) => all[random.Next(all.Length)];

    private static Rune RandomRune(Random random)
    {
        int value = random.Next(0xA0, 0x10FFFF);
        return Rune.IsValid(value) ? new Rune(value) : new Rune(0xFFFD);
    }
}
