using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>What a single emoji is.</summary>
public class EmojiTextTests
{
    [Theory]
    [InlineData("👍")]
    [InlineData("👍🏽")]
    [InlineData("⌚")]
    [InlineData("🇩🇪")]
    [InlineData("👩‍🚀")]
    [InlineData("👩🏽‍❤️‍💋‍👨🏿")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🏳️‍🌈")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F")]
    [InlineData("1️⃣")]
    [InlineData("❤️")]
    [InlineData("☝🏻")]
    [InlineData("🫠")]
    [InlineData("🪿")]
    public void One_emoji_is_taken_as_it_is(string emoji) => Assert.Equal(emoji, EmojiText.Of(emoji));

    [Theory]
    [InlineData("❤", "❤️")]
    [InlineData("👍\uFE0F", "👍")]
    [InlineData("#\u20E3", "#️⃣")]
    [InlineData("🏳‍🌈", "🏳️‍🌈")]
    [InlineData("©", "©️")]
    public void All_forms_of_an_emoji_are_one(string emoji, string form) => Assert.Equal(form, EmojiText.Of(emoji));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("#")]
    [InlineData("1\uFE0F")]
    [InlineData("\u20E3")]
    [InlineData("👍👍")]
    [InlineData("👍 ")]
    [InlineData("a👍")]
    [InlineData("🇩")]
    [InlineData("🇩🇪🇫")]
    [InlineData("👍\uFE0E")]
    [InlineData("👩\u200D")]
    [InlineData("\u200D👩")]
    [InlineData("👍\u0301")]
    [InlineData("👍🏽🏽")]
    [InlineData("\uFE0F")]
    [InlineData("\uD83D")]
    [InlineData("漢")]
    [InlineData("\U0001F0A1")]
    [InlineData("🏴\U000E0067")]
    [InlineData("👍\U000E0067\U000E007F")]
    [InlineData("👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦")]
    public void Anything_else_is_none(string? text) => Assert.Null(EmojiText.Of(text));
}
