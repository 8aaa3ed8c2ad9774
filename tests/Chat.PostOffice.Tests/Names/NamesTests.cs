using System.Net;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Nicks, room names, addresses, keys.</summary>
public class NamesTests
{
    [Theory]
    [InlineData("  frank  ", "frank")]
    [InlineData("abcdefghijklmnopQRSTUV", "abcdefghijklmnop")]
    [InlineData("Gina0", "Gina0")]
    [InlineData("\tbob", null)]
    [InlineData("a b", null)]
    [InlineData("<b>", null)]
    [InlineData("é", null)]
    [InlineData("nl\n", null)]
    [InlineData("٣", null)]
    [InlineData("   ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_nick_is_stripped_and_cut_and_then_letters_and_digits(string? typed, string? nick) => Assert.Equal(nick, Nick.Normalize(typed, 16));

    [Theory]
    [InlineData("Jörg Müller", "JrgMller")]
    [InlineData("abcdefghijklmnopqrst", "abcdefghijklmnop")]
    [InlineData("🙂", "user")]
    [InlineData("", "user")]
    public void A_free_name_is_reduced_to_a_nick(string name, string nick) => Assert.Equal(nick, Nick.Reduce(name, 16));

    [Theory]
    [InlineData("bob", 2, 16, "bob2")]
    [InlineData("abcdefghijklmnop", 12, 16, "abcdefghijklmn12")]
    [InlineData("ab", 123, 2, "123")]
    public void A_variant_has_its_number_at_the_end(string nick, int number, int limit, string variant) => Assert.Equal(variant, Nick.Variant(nick, number, limit));

    [Theory]
    [InlineData("den", true)]
    [InlineData("Den_1-x", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    public void A_room_name_is_letters_digits_and_two_signs(string? name, bool valid) => Assert.Equal(valid, RoomName.IsValid(name));

    [Fact]
    public void A_room_name_has_at_most_32_characters()
    {
        Assert.True(RoomName.IsValid(new string('x', 32)));
        Assert.False(RoomName.IsValid(new string('x', 33)));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public void An_address_counts_by_itself_or_by_its_64(string address, string host)
    {
        Assert.Equal(host, HostAddress.Of(IPAddress.Parse(address)));
        Assert.Equal(host, HostAddress.Canonical(address));
        Assert.Equal(host, HostAddress.Canonical(host));
    }

    [Fact]
    public void What_is_no_address_stays_as_it_is()
    {
        Assert.Equal("unknown", HostAddress.Of(null));
        Assert.Equal("nowhere", HostAddress.Canonical("nowhere"));
    }

    [Fact]
    public void A_session_key_is_the_hash_of_its_token_and_can_be_read_back()
    {
        var key = SessionKey.Of("abc");
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", key.ToString());
        Assert.Equal(key, SessionKey.Parse(key.ToString()));
        Assert.NotEqual(key, SessionKey.Of("abd"));
        Assert.True(key == SessionKey.Of("abc"));
        Assert.Equal(key.GetHashCode(), SessionKey.Of("abc").GetHashCode());
        Assert.Throws<FormatException>(() => SessionKey.Parse("abcd"));
    }

    [Fact]
    public void A_token_that_is_too_long_is_nobodys()
    {
        Assert.NotEqual(default, SessionKey.Of(new string('€', 128)));
        Assert.Equal(default, SessionKey.Of(new string('x', 129)));
    }

    [Fact]
    public void Tokens_and_user_ids_are_long_and_differ()
    {
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => SessionToken.Create()).Distinct().Count());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", SessionToken.Create());
        Assert.Matches("^[0-9a-f]{32}$", UserId.Create());
    }
}
