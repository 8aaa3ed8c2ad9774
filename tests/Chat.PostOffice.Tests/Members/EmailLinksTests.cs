using ErlChat.Members;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Links with which members confirm their e-mail addresses.</summary>
public class EmailLinksTests
{
    private readonly AwayCredentials _store = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly MemberOptions _options = new() { ResetLinkLifetime = TimeSpan.FromHours(2) };

    private EmailLinks Links => new(_store, Options.Create(_options), _clock);

    [Fact]
    public async Task A_link_confirms_its_address_once()
    {
        NewLink link = await CreateAsync();
        Assert.Equal((43, _clock.GetUtcNow().AddHours(2)), (link.Token.Length, link.Expires));
        (PasswordResult found, EmailLink? there) = await Links.FindAsync(link.Token);
        Assert.Equal((PasswordResult.Accepted, "ada", "ada@mail.example"), (found, there!.UserId, there.Address));
        Assert.DoesNotContain("mail.example", there.ToString(), StringComparison.Ordinal);
        Assert.Equal((PasswordResult.Accepted, there), await Links.UseAsync(link.Token));
        Assert.Equal((PasswordResult.BadLink, null), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.BadLink, null), await Links.UseAsync(link.Token));
        Assert.Equal("ada@mail.example", (await _store.FindEmailsAsync("ada", _clock.GetUtcNow(), default)).Confirmed);
    }

    [Fact]
    public async Task A_link_ends_with_its_time_and_a_token_of_none_opens_nothing()
    {
        NewLink link = await CreateAsync();
        foreach (string bad in (string[])["", "x", LinkToken.HashOf(link.Token), new string('x', 100_000)])
            Assert.Equal((PasswordResult.BadLink, null), await Links.UseAsync(bad));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((PasswordResult.BadLink, null), await Links.UseAsync(link.Token));
    }

    [Fact]
    public async Task Without_the_database_links_are_unavailable()
    {
        NewLink link = await CreateAsync();
        _store.IsAway = true;
        Assert.Null(await Links.CreateAsync("ada", "ada@mail.example"));
        Assert.Equal((PasswordResult.Unavailable, null), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.Unavailable, null), await Links.UseAsync(link.Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Links.CreateAsync("ada", "no address"));
    }

    [Theory]
    [InlineData("ada@mail.example")]
    [InlineData("a@b")]
    [InlineData("o'brien+chat@mail.example")]
    [InlineData("first.last@sub-domain.mail.example")]
    [InlineData("a@xn--bcher-kva.example")]
    public void Ordinary_addresses_are_valid(string address) => Assert.True(EmailAddress.IsValid(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@mail.example")]
    [InlineData("ada@")]
    [InlineData("ada@mail.example\r\nBcc: eve@mail.example")]
    [InlineData("ada@mail.example\n")]
    [InlineData("ada\0@mail.example")]
    [InlineData(" ada@mail.example")]
    [InlineData("ada@mail.example, eve@mail.example")]
    [InlineData("ada@mail.example>")]
    [InlineData("Ada <ada@mail.example>")]
    [InlineData("\"ada smith\"@mail.example")]
    [InlineData("ada@eve@mail.example")]
    [InlineData("ada@[127.0.0.1]")]
    [InlineData("ada@mail..example")]
    [InlineData("ada@-mail.example")]
    [InlineData("ada@mail.example.")]
    [InlineData(".ada@mail.example")]
    [InlineData("a..b@mail.example")]
    [InlineData("ада@mail.example")]
    [InlineData("ada@bücher.example")]
    public void What_could_end_a_header_or_name_several_is_no_address(string? address) => Assert.False(EmailAddress.IsValid(address));

    [Fact]
    public void Addresses_have_a_limit()
    {
        string domain = string.Join('.', Enumerable.Repeat(new string('d', 46), 4)) + ".d";
        Assert.True(EmailAddress.IsValid($"{new string('a', 64)}@{domain}"));
        Assert.Equal(EmailAddress.MaxLength, 64 + 1 + domain.Length);
        Assert.False(EmailAddress.IsValid($"{new string('a', 65)}@mail.example"));
        Assert.False(EmailAddress.IsValid($"{new string('a', 64)}@{domain}d"));
        Assert.False(EmailAddress.IsValid($"a@{new string('d', 64)}.example"));
    }

    /// <summary>A link of a member with a password.</summary>
    private async Task<NewLink> CreateAsync()
    {
        Assert.Null(await Links.CreateAsync("ada", "ada@mail.example").WithinAsync());
        Assert.True(await _store.ReplacePasswordAsync("ada", null, new StoredPassword("hash", _clock.GetUtcNow())));
        return (await Links.CreateAsync("ada", "ada@mail.example").WithinAsync())!;
    }
}
