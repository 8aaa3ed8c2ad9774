using ErlChat.Members;

namespace ErlChat.Tests;

/// <summary>E-mail addresses, and their links.</summary>
public abstract partial class CredentialStoreContract
{
    [Fact]
    public async Task An_address_counts_once_its_link_is_used_and_before_its_time_is_over()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        await store.ReplacePasswordAsync("ada", null, Password("hash"));
        Assert.Equal(new MemberEmails(null, null), await store.FindEmailsAsync("ada", s_now, default));
        EmailLink first = Email("one", "ada", "ada@mail.example");
        await store.PutEmailLinkAsync(first, s_now);
        Assert.Equal(first, await other.FindEmailLinkAsync(first.TokenHash, s_now, default));
        Assert.Equal(new MemberEmails(null, first.Address), await other.FindEmailsAsync("ada", s_now, default));
        Assert.Null(await other.FindEmailLinkAsync(first.TokenHash, first.Expires, default));
        Assert.Null(await other.UseEmailLinkAsync(first.TokenHash, first.Expires));
        Assert.Null(await other.UseEmailLinkAsync(LinkToken.HashOf("another"), s_now));
        Assert.Equal(new MemberEmails(null, null), await other.FindEmailsAsync("ada", first.Expires, default));

        Assert.Equal(first, await other.UseEmailLinkAsync(first.TokenHash, first.Expires.AddTicks(-1)));
        Assert.Equal(new MemberEmails(first.Address, null), await store.FindEmailsAsync("ada", s_now, default));
        Assert.Null(await store.UseEmailLinkAsync(first.TokenHash, s_now));

        // The address before counts until the next one does.
        await store.PutEmailLinkAsync(Email("two", "ada", "wrong@mail.example"), s_now);
        EmailLink last = Email("three", "ada", "ada@other.example");
        await store.PutEmailLinkAsync(last, s_now);
        Assert.Equal(new MemberEmails(first.Address, last.Address), await other.FindEmailsAsync("ada", s_now, default));
        Assert.Null(await other.UseEmailLinkAsync(LinkToken.HashOf("two"), s_now));
        Assert.Equal(last, await other.UseEmailLinkAsync(last.TokenHash, s_now));
        Assert.Equal(new MemberEmails(last.Address, null), await store.FindEmailsAsync("ada", s_now, default));
    }

    /// <summary>Addresses that nobody has confirmed belong to people who may know nothing of this chat.</summary>
    [Fact]
    public async Task Links_whose_time_is_over_are_removed_with_the_next()
    {
        ICredentialStore store = await OpenAsync();
        foreach (string who in (string[])["ada", "bob"])
            await store.ReplacePasswordAsync(who, null, Password(who));
        await store.PutEmailLinkAsync(Email("ada's", "ada", "ada@mail.example"), s_now);
        await store.PutEmailLinkAsync(Email("bob's", "bob", "bob@mail.example"), s_now.AddHours(1));
        Assert.Null((await store.FindEmailsAsync("ada", s_now, default)).Pending);
        Assert.Equal("bob@mail.example", (await store.FindEmailsAsync("bob", s_now, default)).Pending);
    }

    [Fact]
    public async Task A_new_password_voids_the_link_of_an_address_and_leaves_the_address()
    {
        ICredentialStore store = await OpenAsync();
        await store.ReplacePasswordAsync("ada", null, Password("one"));
        await ConfirmAsync(store, "ada", "ada@mail.example");
        await store.PutEmailLinkAsync(Email("thief's", "ada", "thief@mail.example"), s_now);
        await store.RenewHashAsync("ada", "one", "stronger");
        Assert.NotNull(await store.FindEmailLinkAsync(LinkToken.HashOf("thief's"), s_now, default));
        Assert.True(await store.ReplacePasswordAsync("ada", "stronger", Password("two")));
        Assert.Equal(new MemberEmails("ada@mail.example", null), await store.FindEmailsAsync("ada", s_now, default));

        await store.PutEmailLinkAsync(Email("again", "ada", "thief@mail.example"), s_now);
        await store.PutResetLinkAsync(Link("reset", "ada"));
        Assert.Equal("ada", await store.UseResetLinkAsync(LinkToken.HashOf("reset"), s_now, Password("three")));
        Assert.Null(await store.UseEmailLinkAsync(LinkToken.HashOf("again"), s_now));
        Assert.Equal(new MemberEmails("ada@mail.example", null), await store.FindEmailsAsync("ada", s_now, default));
    }

    /// <summary>A link that is on its way to the old address must not open the member.</summary>
    [Fact]
    public async Task Another_address_or_none_voids_the_reset_link()
    {
        ICredentialStore store = await OpenAsync();
        foreach (string who in (string[])["ada", "bob"])
        {
            await store.ReplacePasswordAsync(who, null, Password(who));
            await ConfirmAsync(store, who, $"{who}@mail.example");
            await store.PutResetLinkAsync(Link(who, who));
        }

        await ConfirmAsync(store, "ada", "ada@other.example");
        Assert.Null(await store.FindResetLinkAsync(LinkToken.HashOf("ada"), s_now, default));
        Assert.Equal("bob", await store.FindResetLinkAsync(LinkToken.HashOf("bob"), s_now, default));

        await store.PutResetLinkAsync(Link("ada", "ada"));
        await store.PutEmailLinkAsync(Email("pending", "ada", "ada@third.example"), s_now);
        await store.RemoveEmailsAsync("ada");
        await store.RemoveEmailsAsync("nobody");
        Assert.Null(await store.FindResetLinkAsync(LinkToken.HashOf("ada"), s_now, default));
        Assert.Null(await store.FindEmailLinkAsync(LinkToken.HashOf("pending"), s_now, default));
        Assert.Equal(new MemberEmails(null, null), await store.FindEmailsAsync("ada", s_now, default));
        Assert.Equal(new MemberEmails("bob@mail.example", null), await store.FindEmailsAsync("bob", s_now, default));
        Assert.Equal("bob", await store.FindResetLinkAsync(LinkToken.HashOf("bob"), s_now, default));
    }

    [Fact]
    public async Task Erasing_a_member_erases_the_addresses()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        foreach (string who in (string[])["ada", "bob"])
        {
            await store.ReplacePasswordAsync(who, null, Password(who));
            await ConfirmAsync(store, who, $"{who}@mail.example");
            Assert.True(await store.PutEmailLinkAsync(Email(who, who, $"{who}@other.example"), s_now));
        }

        await other.EraseAsync("ada");
        Assert.Equal(new MemberEmails(null, null), await store.FindEmailsAsync("ada", s_now, default));
        Assert.Null(await store.UseEmailLinkAsync(LinkToken.HashOf("ada"), s_now));
        Assert.Equal(new MemberEmails("bob@mail.example", "bob@other.example"), await store.FindEmailsAsync("bob", s_now, default));
    }

    /// <summary>A member may be erased while the password is checked, and then must not leave an address.</summary>
    [Fact]
    public async Task Nobody_without_a_password_gets_a_link_for_an_address_or_keeps_an_address()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        await store.ReplacePasswordAsync("ada", null, Password("hash"));
        await ConfirmAsync(store, "ada", "ada@mail.example");
        Assert.True(await store.ReplacePasswordAsync("ada", "hash", null));
        Assert.Equal(new MemberEmails(null, null), await other.FindEmailsAsync("ada", s_now, default));
        Assert.False(await store.PutEmailLinkAsync(Email("late", "ada", "ada@mail.example"), s_now));
        Assert.Equal(new MemberEmails(null, null), await other.FindEmailsAsync("ada", s_now, default));
        Assert.Null(await other.UseEmailLinkAsync(LinkToken.HashOf("late"), s_now));
    }

    /// <summary>They change the same tables. None may fail because it waits for another that waits for it.</summary>
    [Fact]
    public Task Changes_of_one_member_at_once_do_not_stop_each_other() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        for (int round = 0; round < 20; round++)
        {
            await store.ReplacePasswordAsync("ada", null, Password("hash"));
            await ConfirmAsync(store, "ada", "ada@mail.example");
            await store.PutEmailLinkAsync(Email("email", "ada", "ada@other.example"), s_now);
            await store.PutResetLinkAsync(Link("reset", "ada"));
            await RaceAsync<bool>(seed + round, 10, async i =>
            {
                ICredentialStore one = i % 2 == 0 ? store : other;
                Task change = (i % 5) switch
                {
                    0 => one.UseEmailLinkAsync(LinkToken.HashOf("email"), s_now).AsTask(),
                    1 => one.UseResetLinkAsync(LinkToken.HashOf("reset"), s_now, Password($"{i}")).AsTask(),
                    2 => one.ReplacePasswordAsync("ada", "hash", Password($"{i}")).AsTask(),
                    3 => one.RemoveEmailsAsync("ada").AsTask(),
                    _ => one.EraseAsync("ada").AsTask(),
                };
                await change;
                return true;
            });
            await store.EraseAsync("ada");
            Assert.Null(await store.FindPasswordAsync("ada", default));
            Assert.Equal(new MemberEmails(null, null), await store.FindEmailsAsync("ada", s_now, default));
        }
    });

    [Fact]
    public Task One_of_several_users_of_the_link_of_an_address_succeeds() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        await store.ReplacePasswordAsync("ada", null, Password("hash"));
        for (int round = 0; round < 20; round++)
        {
            EmailLink link = Email($"token {round}", "ada", $"ada{round}@mail.example");
            await store.PutEmailLinkAsync(link, s_now);
            EmailLink?[] ends = await RaceAsync(
                seed + round, 8, i => (i % 2 == 0 ? store : other).UseEmailLinkAsync(link.TokenHash, s_now));
            Assert.Equal(link, Assert.Single(ends, end => end is not null));
            Assert.Equal(new MemberEmails(link.Address, null), await store.FindEmailsAsync("ada", s_now, default));
        }
    });

    private static async Task ConfirmAsync(ICredentialStore store, string userId, string address)
    {
        EmailLink link = Email($"of {address}", userId, address);
        await store.PutEmailLinkAsync(link, s_now);
        Assert.NotNull(await store.UseEmailLinkAsync(link.TokenHash, s_now));
    }

    private static EmailLink Email(string token, string userId, string address) =>
        new(LinkToken.HashOf(token), userId, address, s_now.AddHours(1));
}
