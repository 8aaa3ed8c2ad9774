using System.Text;
using CsCheck;
using ErlChat.Names;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>Which nicks are the same, and the normalization behind it.</summary>
public class NickKeyTests
{
    /// <summary>A letter, a mark or a digit of any script.</summary>
    private static readonly Rune[] s_letters = [.. Enumerable.Range(0, 0x30000).Where(Rune.IsValid).Select(static code => new Rune(code))
        .Where(AnyScriptNick.IsAllowed)];

    /// <summary>Mostly of the scripts with marks and cases, and often the same letters.</summary>
    private static readonly Gen<string> s_text = Gen.Frequency(
        (3, Gen.OneOf("s", "S", "ß", "ẞ", "i", "I", "İ", "ı", "e", "\u0301", "\u0308", "\u0323", "\u0307", "\u0345", "ς", "σ", "Σ", "α")),
        (1, Gen.OneOf(s_letters).Select(static rune => rune.ToString()))).Array[1, 8].Select(string.Concat);

    [Theory]
    [InlineData("bob", "BOB")]
    [InlineData("Zoë", "zoe\u0308")]
    [InlineData("ZOË", "zoë")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Straße", "straẞe")]
    [InlineData("Σίσυφος", "ΣΊΣΥΦΟΣ")]
    [InlineData("İbrahim", "ibrahim")]
    [InlineData("Ibrahim", "ıbrahim")]
    [InlineData("İbrahim", "i\u0307brahim")]
    [InlineData("ᾳ", "ΑΙ")]
    [InlineData("ꭰ", "Ꭰ")]
    [InlineData("ა", "Ა")]
    [InlineData("𐓘", "𐒰")]
    public void These_are_the_same_nick(string one, string other)
    {
        Assert.Equal(NickKey.Of(one), NickKey.Of(other));
        Assert.True(Nick.Same(one, other));
    }

    [Theory]
    [InlineData("Zoë", "Zoe")]
    [InlineData("Анна", "Anna")]
    [InlineData("か", "カ")]
    [InlineData("bob", "bob1")]
    public void These_are_not_the_same_nick(string one, string other) => Assert.False(Nick.Same(one, other));

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("e\u0323\u0302", "ệ")]
    [InlineData("e\u0302\u0323", "ệ")]
    [InlineData("ê\u0323", "ệ")]
    [InlineData("a\u0323\u0301", "ạ\u0301")]
    [InlineData("\u212b", "Å")]
    [InlineData("\u2126", "Ω")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u0928\u093c", "\u0929")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\u1100\u1161\u1161", "\uac00\u1161")]
    [InlineData("\u30ab\u3099", "ガ")]
    [InlineData("q\u0323\u0301\u0301", "q\u0323\u0301\u0301")]
    public void A_text_is_composed_as_Unicode_says(string text, string composed)
    {
        Assert.Equal(composed, Composition.Of(text));
        Assert.Equal(composed, Composition.Of(composed));
    }

    [Fact]
    public void Composing_and_keys_are_idempotent_and_agree() => Property.Holds(s_text, 20_000, static text =>
    {
        string composed = Composition.Of(text);
        Assert.Equal(composed, Composition.Of(composed));
        Assert.Equal(composed, Composition.Of(Composition.Split(text)));
        string key = NickKey.Of(text);
        Assert.Equal(key, NickKey.Of(key));
        Assert.Equal(key, NickKey.Of(composed));
        foreach (string other in new[] { composed.ToUpperInvariant(), composed.ToLowerInvariant() })
        {
            // A few letters have a case that is obsolete, and in no nick.
            if (other.EnumerateRunes().All(AnyScriptNick.IsAllowed))
                Assert.Equal(key, NickKey.Of(other));
        }

        NickReading read = Nick.Read(text, new ChatOptions(), anyScript: true);
        if (read.Nick is not null)
            Assert.Equal(read, Nick.Read(read.Nick, new ChatOptions(), anyScript: true));
    });

    // The fold finds people by their nick ignoring case, as the framework does. That must not depend on the framework's version.
    [Fact]
    public void The_framework_ignores_the_case_of_letters_as_the_table_does()
    {
        Assert.InRange(s_letters.Length, 95_000, 120_000);
        foreach (Rune letter in s_letters)
        {
            string fold = LetterTable.Shared.Folds.TryGetValue(letter.Value, out int[]? codes)
                ? string.Concat(codes.Select(char.ConvertFromUtf32))
                : letter.ToString();
            bool isSimple = fold.EnumerateRunes().Count() == 1;
            Assert.True(!isSimple || string.Equals(letter.ToString(), fold, StringComparison.OrdinalIgnoreCase), $"U+{letter.Value:X}");
            var upper = Rune.ToUpperInvariant(letter);
            Assert.True(!AnyScriptNick.IsAllowed(upper) || Nick.Same(letter.ToString(), upper.ToString()), $"U+{letter.Value:X}");
        }
    }
}
