using ErlChat.Members;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Links for members who forgot their password.</summary>
public class ResetLinksTests
{
    private readonly AwayCredentials _store = new();
    private readonly PlainHashing _hashing = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly MemberOptions _options = new() { ResetLinkLifetime = TimeSpan.FromHours(2) };

    private ResetLinks Links => new(_store, _hashing, Options.Create(_options), _clock);

    [Fact]
    public async Task A_link_sets_the_password_once()
    {
        NewLink link = await CreateAsync();
        Assert.Equal(43, link.Token.Length);
        Assert.Equal(_clock.GetUtcNow().AddHours(2), link.Expires);
        Assert.Equal((PasswordResult.Accepted, "ada"), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.Accepted, "ada"), await UseAsync(link.Token, "battery staple"));
        Assert.Equal(new StoredPassword("#battery staple", _clock.GetUtcNow()), await _store.FindPasswordAsync("ada", default));
        Assert.Equal((PasswordResult.BadLink, null), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.BadLink, null), await UseAsync(link.Token, "another staple"));
        Assert.Equal("#battery staple", (await _store.FindPasswordAsync("ada", default))!.Hash);
    }

    [Fact]
    public async Task A_link_ends_with_its_time()
    {
        NewLink link = await CreateAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((PasswordResult.BadLink, null), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.BadLink, null), await UseAsync(link.Token, "battery staple"));
    }

    /// <summary>Whoever mistypes the new password must not need another link.</summary>
    [Fact]
    public async Task A_password_that_is_refused_leaves_the_link()
    {
        NewLink link = await CreateAsync();
        Assert.Equal((PasswordResult.TooShort, null), await UseAsync(link.Token, "short"));
        Assert.Equal((PasswordResult.IsNick, null), await UseAsync(link.Token, "LovelaceAda"));
        _hashing.Answer = new HashAnswer(HashEnd.TooManyTries, Wait: TimeSpan.FromSeconds(1));
        Assert.Equal((PasswordResult.TooManyTries, null), await UseAsync(link.Token, "battery staple"));
        _hashing.Answer = null;
        Assert.Equal((PasswordResult.Accepted, "ada"), await UseAsync(link.Token, "battery staple"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task A_token_of_no_link_costs_no_hash(string token)
    {
        NewLink link = await CreateAsync();
        foreach (string bad in (string[])[token, $"x{token}{link.Token}", LinkToken.HashOf(link.Token), new string('x', 100_000)])
            Assert.Equal((PasswordResult.BadLink, null), await UseAsync(bad, "battery staple"));
        Assert.Empty(_hashing.Asked);
    }

    [Fact]
    public async Task A_link_that_is_used_while_the_password_is_hashed_is_used_up()
    {
        NewLink link = await CreateAsync();
        _hashing.Meanwhile = async () => await _store.UseResetLinkAsync(
            LinkToken.HashOf(link.Token), _clock.GetUtcNow(), new StoredPassword("#first", _clock.GetUtcNow()));
        Assert.Equal((PasswordResult.BadLink, null), await UseAsync(link.Token, "battery staple"));
        Assert.Equal("#first", (await _store.FindPasswordAsync("ada", default))!.Hash);
    }

    [Fact]
    public async Task Without_the_database_links_are_unavailable()
    {
        NewLink link = await CreateAsync();
        _store.IsAway = true;
        Assert.Null(await Links.CreateAsync("ada"));
        Assert.Equal((PasswordResult.Unavailable, null), await Links.FindAsync(link.Token));
        Assert.Equal((PasswordResult.Unavailable, null), await UseAsync(link.Token, "battery staple"));
        _store.IsAway = false;
        _hashing.Meanwhile = () => Task.FromResult(_store.IsAway = true);
        Assert.Equal((PasswordResult.Unavailable, null), await UseAsync(link.Token, "battery staple"));
        (_store.IsAway, _hashing.Meanwhile) = (false, static () => Task.CompletedTask);
        Assert.Equal((PasswordResult.Accepted, "ada"), await UseAsync(link.Token, "battery staple"));
    }

    [Fact]
    public async Task A_link_does_not_show_its_token()
    {
        NewLink link = await CreateAsync();
        Assert.DoesNotContain(link.Token, link.ToString(), StringComparison.Ordinal);
    }

    private async Task<NewLink> CreateAsync() => (await Links.CreateAsync("ada").WithinAsync())!;

    private async Task<(PasswordResult Result, string? UserId)> UseAsync(string token, string password)
    {
        (PasswordAnswer answer, string? userId) = await Links.UseAsync(token, "LovelaceAda", "host", password).WithinAsync();
        return (answer.Result, userId);
    }
}
