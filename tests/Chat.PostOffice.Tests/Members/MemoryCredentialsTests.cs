using ErlChat.Members;

namespace ErlChat.Tests;

/// <summary>The contract, and the rules of the records that every store holds.</summary>
public sealed class MemoryCredentialsTests : CredentialStoreContract
{
    protected override Task<ICredentialStore> OpenAsync() => Task.FromResult<ICredentialStore>(new MemoryCredentials());

    [Theory]
    [InlineData(null, "1")]
    [InlineData("https://id.example", null)]
    [InlineData("", "1")]
    [InlineData("https://id.example", "")]
    [InlineData("https://id.example", "a\0b")]
    [InlineData("https://id.example", "ä")]
    [InlineData("https://id.example\n", "1")]
    public void An_identity_is_printable_ASCII(string? issuer, string? subject)
    {
        Assert.False(ExternalIdentity.IsValid(issuer, subject));
        Assert.Throws<ArgumentException>(() => new ExternalIdentity(issuer!, subject!));
    }

    [Fact]
    public void An_identity_is_not_longer_than_a_provider_may_make_it()
    {
        Assert.True(ExternalIdentity.IsValid(new string('i', 500), new string('s', 255)));
        Assert.False(ExternalIdentity.IsValid(new string('i', 501), "s"));
        Assert.False(ExternalIdentity.IsValid("i", new string('s', 256)));
    }

    [Fact]
    public void A_token_that_is_too_long_is_not_hashed()
    {
        Assert.Equal(64, LinkToken.HashOf(new string('x', 128)).Length);
        Assert.Equal("", LinkToken.HashOf(new string('x', 129)));
    }

    [Fact]
    public void A_stored_password_does_not_show_its_hash() =>
        Assert.DoesNotContain("SECRET", new StoredPassword("SECRET", default).ToString(), StringComparison.Ordinal);
}
