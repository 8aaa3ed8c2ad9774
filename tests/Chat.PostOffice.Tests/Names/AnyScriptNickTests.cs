using ErlChat.Names;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Which nicks clients may have that can show all scripts.</summary>
public class AnyScriptNickTests
{
    [Theory]
    [InlineData("Zoë", "Zoë")]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData("  Анна  ", "Анна")]
    [InlineData("花子", "花子")]
    [InlineData("たなか太郎", "たなか太郎")]
    [InlineData("サーバー1", "サーバー1")]
    [InlineData("\u30cf\u309a\u30d4", "パピ")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글")]
    [InlineData("김金", "김金")]
    [InlineData("ㄅ人", "ㄅ人")]
    [InlineData("Αλέξης", "Αλέξης")]
    [InlineData("Nguyễn", "Nguyễn")]
    [InlineData("ᾧτινι", "ᾧτινι")]
    [InlineData("नमस्ते", "नमस्ते")]
    [InlineData("สมชาย", "สมชาย")]
    [InlineData("שלום", "שלום")]
    [InlineData("محمد٤٢", "محمد٤٢")]
    [InlineData("محمد42", "محمد42")]
    [InlineData("ᏣᎳᎩ", "ᏣᎳᎩ")]
    [InlineData("𞤀𞤣𞤤𞤢𞤥", "𞤀𞤣𞤤𞤢𞤥")]
    [InlineData("bob", "bob")]
    [InlineData("007", "007")]
    public void A_nick_of_one_script_is_allowed(string typed, string nick) => Assert.Equal(new NickReading(nick), Read(typed));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("a b")]
    [InlineData("a-b")]
    [InlineData("<b>")]
    [InlineData("Zo\u0308\u0308e")]
    [InlineData("\u0308a")]
    [InlineData("1\u0308")]
    [InlineData("a\u0300\u0323\u0328\u0302")]
    [InlineData("\u1ecb\u0307")]
    [InlineData("กิ่้๋์")]
    [InlineData("i\u0307")]
    [InlineData("\u0131\u0307")]
    [InlineData("Anna\u200b")]
    [InlineData("An\u200dna")]
    [InlineData("\u202eannA")]
    [InlineData("\u2066Anna\u2069")]
    [InlineData("a\u00adb")]
    [InlineData("bob\0")]
    [InlineData("bob\n")]
    [InlineData("\u3164")]
    [InlineData("\ufe0f")]
    [InlineData("🙂")]
    [InlineData("👩🏽")]
    [InlineData("♥")]
    [InlineData("ＡＢＣ")]
    [InlineData("𝓐nna")]
    [InlineData("ﬁsh")]
    [InlineData("ſam")]
    [InlineData("²")]
    [InlineData("①")]
    [InlineData("Ⅷ")]
    [InlineData("مـحمد")]
    [InlineData("\ud800")]
    [InlineData("\udbff\udfff")]
    [InlineData("\ue000")]
    [InlineData("\u0378")]
    [InlineData("\U00012000")]
    [InlineData("ᚠᚢᚦ")]
    public void Anything_but_letters_and_digits_is_refused(string? typed) =>
        Assert.Equal(new NickReading(null, NickFault.Characters), Read(typed));

    [Theory]
    [InlineData("\u0430dmin")]
    [InlineData("b\u03bfb")]
    [InlineData("Анна花子")]
    [InlineData("Bob花")]
    [InlineData("한글かな")]
    [InlineData("かなㄅ")]
    [InlineData("שלוםمحمد")]
    [InlineData("bob٣")]
    [InlineData("محمد1٢")]
    [InlineData("मु1२")]
    [InlineData("1२3")]
    [InlineData("Ꭰbc")]
    [InlineData("я\u0561")]
    public void A_nick_that_mixes_scripts_or_digits_is_refused(string typed) =>
        Assert.Equal(new NickReading(null, NickFault.Mixed), Read(typed));

    [Fact]
    public void A_nick_is_limited_in_characters_and_bytes_and_never_cut()
    {
        Assert.Equal(new string('Ж', 16), Read(new string('Ж', 16)).Nick);
        Assert.Equal(NickFault.TooLong, Read(new string('Ж', 17)).Fault);
        Assert.Equal(NickFault.TooLong, Read(new string('a', 17)).Fault);
        Assert.Equal(NickFault.TooLong, Read(new string('a', 100_000)).Fault);

        // Sixteen characters of nine bytes each.
        string long16 = string.Concat(Enumerable.Repeat("กิ่", 16));
        Assert.Equal(NickFault.TooLong, Read(long16).Fault);
        Assert.Equal(long16, Nick.Read(long16, new ChatOptions { MaxNickBytes = 144 }, anyScript: true).Nick);
    }

    [Theory]
    [InlineData("Zoë")]
    [InlineData("Анна")]
    public void Other_clients_keep_to_the_letters_of_2009(string typed) =>
        Assert.Equal(NickFault.Characters, Nick.Read(typed, new ChatOptions(), anyScript: false).Fault);

    [Theory]
    [InlineData("Zoë", true)]
    [InlineData("花子", true)]
    [InlineData("bob", true)]
    [InlineData("bob!", false)]
    [InlineData("Zoë!", false)]
    [InlineData("", false)]
    public void What_nobody_can_be_called_does_not_reach_the_log(string nick, bool wellFormed)
    {
        Assert.Equal(wellFormed, Nick.IsWellFormed(nick));
        Assert.False(Nick.IsWellFormed(new string('Ж', 1025)));
    }

    private static NickReading Read(string? typed) => Nick.Read(typed, new ChatOptions(), anyScript: true);
}
