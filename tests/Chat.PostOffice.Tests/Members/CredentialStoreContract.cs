using ErlChat.Members;

namespace ErlChat.Tests;

/// <summary>What every store of credentials must do; each store has a class that inherits these tests.</summary>
public abstract partial class CredentialStoreContract
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExternalIdentity s_ada = new("https://id.example", "4711");

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<ICredentialStore> OpenAsync();

    /// <summary>The same store, as another node sees it; the store itself if it has only one node.</summary>
    protected virtual Task<ICredentialStore> OpenAgainAsync(ICredentialStore store) => Task.FromResult(store);

    [Fact]
    public async Task A_password_is_found_by_every_node_until_it_is_replaced()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        Assert.Null(await store.FindPasswordAsync("ada", default));
        Assert.True(await store.ReplacePasswordAsync("ada", null, Password("one")));
        Assert.Equal(Password("one"), await other.FindPasswordAsync("ada", default));
        Assert.True(await other.ReplacePasswordAsync("ada", "one", Password("two", s_now.AddDays(1))));
        Assert.Equal(Password("two", s_now.AddDays(1)), await store.FindPasswordAsync("ada", default));
        Assert.Null(await store.FindPasswordAsync("Ada", default));
        Assert.Null(await store.FindPasswordAsync("bob", default));
    }

    [Fact]
    public async Task A_password_that_is_another_by_now_is_not_replaced()
    {
        ICredentialStore store = await OpenAsync();
        Assert.False(await store.ReplacePasswordAsync("ada", "one", Password("two")));
        Assert.Null(await store.FindPasswordAsync("ada", default));
        await store.ReplacePasswordAsync("ada", null, Password("one"));
        Assert.False(await store.ReplacePasswordAsync("ada", null, Password("two")));
        Assert.False(await store.ReplacePasswordAsync("ada", "other", Password("two")));
        Assert.False(await store.ReplacePasswordAsync("ada", "other", null));
        Assert.False(await store.ReplacePasswordAsync("ada", null, null));
        Assert.Equal(Password("one"), await store.FindPasswordAsync("ada", default));
    }

    /// <summary>The answer may get lost, and the caller cannot know whether the replacement was carried out.</summary>
    [Fact]
    public async Task A_replacement_may_be_repeated()
    {
        ICredentialStore store = await OpenAsync();
        for (int i = 0; i < 2; i++)
            Assert.True(await store.ReplacePasswordAsync("ada", null, Password("one")));
        for (int i = 0; i < 2; i++)
            Assert.True(await store.ReplacePasswordAsync("ada", "one", Password("two")));
        for (int i = 0; i < 2; i++)
            Assert.True(await store.ReplacePasswordAsync("ada", "two", null));
        Assert.Null(await store.FindPasswordAsync("ada", default));
    }

    [Fact]
    public async Task A_new_hash_of_the_same_password_leaves_the_time_as_it_is()
    {
        ICredentialStore store = await OpenAsync();
        await store.ReplacePasswordAsync("ada", null, Password("one"));
        await store.RenewHashAsync("ada", "one", "stronger");
        Assert.Equal(Password("stronger"), await store.FindPasswordAsync("ada", default));
        await store.RenewHashAsync("ada", "one", "late");
        await store.RenewHashAsync("bob", "one", "late");
        Assert.Equal(Password("stronger"), await store.FindPasswordAsync("ada", default));
        Assert.Null(await store.FindPasswordAsync("bob", default));
    }

    [Fact]
    public async Task A_reset_link_sets_the_password_once_before_its_time_is_over()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        await store.ReplacePasswordAsync("ada", null, Password("forgotten"));
        ResetLink link = Link("token", "ada");
        await store.PutResetLinkAsync(link);
        Assert.Equal("ada", await other.FindResetLinkAsync(link.TokenHash, s_now, default));
        Assert.Null(await other.FindResetLinkAsync(link.TokenHash, link.Expires, default));
        Assert.Null(await other.UseResetLinkAsync(link.TokenHash, link.Expires, Password("late")));
        Assert.Null(await other.UseResetLinkAsync(LinkToken.HashOf("another"), s_now, Password("foreign")));
        Assert.Equal(Password("forgotten"), await store.FindPasswordAsync("ada", default));

        Assert.Equal("ada", await other.UseResetLinkAsync(link.TokenHash, link.Expires.AddTicks(-1), Password("new")));
        Assert.Equal(Password("new"), await store.FindPasswordAsync("ada", default));
        Assert.Null(await store.FindResetLinkAsync(link.TokenHash, s_now, default));
        Assert.Null(await store.UseResetLinkAsync(link.TokenHash, s_now, Password("again")));
        Assert.Equal(Password("new"), await store.FindPasswordAsync("ada", default));
    }

    [Fact]
    public async Task A_reset_link_gives_a_password_to_a_member_who_had_none()
    {
        ICredentialStore store = await OpenAsync();
        await store.PutResetLinkAsync(Link("token", "ada"));
        Assert.Equal("ada", await store.UseResetLinkAsync(LinkToken.HashOf("token"), s_now, Password("first")));
        Assert.Equal(Password("first"), await store.FindPasswordAsync("ada", default));
    }

    [Fact]
    public async Task A_new_link_or_a_new_password_voids_the_link_before()
    {
        ICredentialStore store = await OpenAsync();
        await store.PutResetLinkAsync(Link("one", "ada"));
        await store.PutResetLinkAsync(Link("bob's", "bob"));
        await store.PutResetLinkAsync(Link("two", "ada"));
        Assert.Null(await store.FindResetLinkAsync(LinkToken.HashOf("one"), s_now, default));
        Assert.Equal("ada", await store.FindResetLinkAsync(LinkToken.HashOf("two"), s_now, default));

        Assert.False(await store.ReplacePasswordAsync("ada", "wrong", Password("x")));
        Assert.Equal("ada", await store.FindResetLinkAsync(LinkToken.HashOf("two"), s_now, default));
        Assert.True(await store.ReplacePasswordAsync("ada", null, Password("remembered")));
        Assert.Null(await store.FindResetLinkAsync(LinkToken.HashOf("two"), s_now, default));
        Assert.Equal("bob", await store.FindResetLinkAsync(LinkToken.HashOf("bob's"), s_now, default));
    }

    [Fact]
    public async Task An_identity_belongs_to_the_first_who_asks()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        Assert.Null(await store.FindIdentityAsync(s_ada, default));
        Assert.Equal("ada", await store.AddIdentityAsync(s_ada, "ada"));
        Assert.Equal("ada", await store.AddIdentityAsync(s_ada, "ada"));
        Assert.Equal("ada", await other.AddIdentityAsync(s_ada, "bob"));
        Assert.Equal("ada", await other.FindIdentityAsync(new ExternalIdentity("https://id.example", "4711"), default));
        Assert.Null(await other.FindIdentityAsync(new ExternalIdentity("https://id.example/", "4711"), default));
        Assert.Equal("bob", await other.AddIdentityAsync(new ExternalIdentity("https://other.example", "4711"), "bob"));
        Assert.Equal([s_ada], await store.IdentitiesOfAsync("ada", default));
        Assert.Empty(await store.IdentitiesOfAsync("eva", default));
    }

    [Fact]
    public async Task A_member_has_a_limited_number_of_identities()
    {
        ICredentialStore store = await OpenAsync();
        for (int i = 0; i < ExternalIdentity.MaxPerMember; i++)
            Assert.Equal("ada", await store.AddIdentityAsync(new ExternalIdentity("https://id.example", $"{i}"), "ada"));
        var more = new ExternalIdentity("https://id.example", "more");
        Assert.Null(await store.AddIdentityAsync(more, "ada"));
        Assert.Null(await store.FindIdentityAsync(more, default));
        Assert.Equal("ada", await store.AddIdentityAsync(new ExternalIdentity("https://id.example", "3"), "ada"));
        Assert.Equal("bob", await store.AddIdentityAsync(more, "bob"));
        Assert.Equal(ExternalIdentity.MaxPerMember, (await store.IdentitiesOfAsync("ada", default)).Count);
    }

    [Fact]
    public async Task Identities_that_were_removed_are_nobodys_and_the_password_stays()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        await store.ReplacePasswordAsync("ada", null, Password("hash"));
        await store.AddIdentityAsync(s_ada, "ada");
        await store.AddIdentityAsync(new ExternalIdentity("https://other.example", "1"), "ada");
        var bobs = new ExternalIdentity("https://id.example", "bob");
        await store.AddIdentityAsync(bobs, "bob");
        await other.RemoveIdentitiesAsync("ada");
        await other.RemoveIdentitiesAsync("nobody");
        Assert.Empty(await store.IdentitiesOfAsync("ada", default));
        Assert.Equal(Password("hash"), await store.FindPasswordAsync("ada", default));
        Assert.Equal([bobs], await store.IdentitiesOfAsync("bob", default));
        Assert.Equal("bob", await store.AddIdentityAsync(s_ada, "bob"));
    }

    [Fact]
    public async Task Erasing_a_member_leaves_nothing_and_nobody_else_is_touched()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        foreach (string who in (string[])["ada", "bob"])
        {
            await store.ReplacePasswordAsync(who, null, Password(who));
            await store.PutResetLinkAsync(Link(who, who));
            await store.AddIdentityAsync(new ExternalIdentity("https://id.example", who), who);
            await store.AddIdentityAsync(new ExternalIdentity("https://other.example", who), who);
        }

        await other.EraseAsync("ada");
        await other.EraseAsync("nobody");
        Assert.Null(await store.FindPasswordAsync("ada", default));
        Assert.Null(await store.FindResetLinkAsync(LinkToken.HashOf("ada"), s_now, default));
        Assert.Empty(await store.IdentitiesOfAsync("ada", default));
        Assert.Null(await store.FindIdentityAsync(new ExternalIdentity("https://id.example", "ada"), default));
        Assert.Equal(Password("bob"), await store.FindPasswordAsync("bob", default));
        Assert.Equal("bob", await store.FindResetLinkAsync(LinkToken.HashOf("bob"), s_now, default));
        Assert.Equal(2, (await store.IdentitiesOfAsync("bob", default)).Count);
    }

    [Fact]
    public Task One_of_several_users_of_a_reset_link_succeeds() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        for (int round = 0; round < 20; round++)
        {
            await store.PutResetLinkAsync(Link($"token {round}", "ada"));
            string?[] ends = await RaceAsync(
                seed + round,
                8,
                i => (i % 2 == 0 ? store : other).UseResetLinkAsync(LinkToken.HashOf($"token {round}"), s_now, Password($"{round} {i}")));
            int winner = Array.IndexOf(ends, "ada");
            Assert.Equal(1, ends.Count(end => end is not null));
            Assert.Equal(Password($"{round} {winner}"), await store.FindPasswordAsync("ada", default));
        }
    });

    [Fact]
    public Task One_of_several_changes_of_a_password_succeeds() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        string? before = null;
        for (int round = 0; round < 20; round++)
        {
            bool[] ends = await RaceAsync(
                seed + round,
                8,
                i => (i % 2 == 0 ? store : other).ReplacePasswordAsync("ada", before, Password($"{round} {i}")));
            Assert.Equal(1, ends.Count(end => end));
            before = $"{round} {Array.IndexOf(ends, true)}";
            Assert.Equal(Password(before), await store.FindPasswordAsync("ada", default));
        }
    });

    [Fact]
    public Task Of_several_registrations_of_an_identity_all_learn_who_has_it() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        for (int round = 0; round < 20; round++)
        {
            var identity = new ExternalIdentity("https://id.example", $"{round}");
            string?[] owners = await RaceAsync(
                seed + round, 8, i => (i % 2 == 0 ? store : other).AddIdentityAsync(identity, $"user{round}of{i}"));
            string owner = Assert.Single(owners.Distinct())!;
            Assert.Equal(owner, await store.FindIdentityAsync(identity, default));
            Assert.Equal([identity], await store.IdentitiesOfAsync(owner, default));
        }
    });

    [Fact]
    public async Task An_invitation_is_used_once_before_its_time_is_over()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        var link = new InvitationLink(LinkToken.HashOf("token"), s_now.AddHours(1));
        for (int i = 0; i < 2; i++)
            Assert.True(await store.PutInvitationAsync(link, s_now, limit: 1));
        Assert.Equal(link.Expires, await other.FindInvitationAsync(link.TokenHash, s_now, default));
        Assert.Null(await other.FindInvitationAsync(link.TokenHash, link.Expires, default));
        Assert.Null(await other.FindInvitationAsync("", s_now, default));
        Assert.Equal(link, await other.UseInvitationAsync(link.TokenHash, s_now));
        Assert.Null(await store.UseInvitationAsync(link.TokenHash, s_now));
        Assert.Null(await store.FindInvitationAsync(link.TokenHash, s_now, default));

        Assert.True(await store.PutInvitationAsync(link, s_now, limit: 1));
        Assert.Null(await store.UseInvitationAsync(link.TokenHash, link.Expires));
    }

    [Fact]
    public async Task Invitations_have_a_limit_and_those_whose_time_is_over_do_not_count()
    {
        ICredentialStore store = await OpenAsync();
        Assert.True(await store.PutInvitationAsync(Invitation("one", 1), s_now, limit: 2));
        Assert.True(await store.PutInvitationAsync(Invitation("two", 2), s_now, limit: 2));
        Assert.False(await store.PutInvitationAsync(Invitation("three", 3), s_now, limit: 2));
        Assert.Null(await store.FindInvitationAsync("three", s_now, default));
        Assert.True(await store.PutInvitationAsync(Invitation("four", 4), s_now.AddHours(1), limit: 2));
        Assert.False(await store.PutInvitationAsync(Invitation("five", 5), s_now.AddHours(1), limit: 2));

        static InvitationLink Invitation(string hash, int hours) => new(hash, s_now.AddHours(hours));
    }

    [Fact]
    public Task Of_several_users_of_an_invitation_one_succeeds() => Seeds.RunAsync(async seed =>
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        for (int round = 0; round < 20; round++)
        {
            var link = new InvitationLink($"hash {round}", s_now.AddHours(1));
            await store.PutInvitationAsync(link, s_now, limit: 1);
            InvitationLink?[] ends = await RaceAsync(
                seed + round, 8, i => (i % 2 == 0 ? store : other).UseInvitationAsync(link.TokenHash, s_now));
            Assert.Equal(link, Assert.Single(ends, end => end is not null));
        }
    });

    [Fact]
    public async Task Appointments_wait_until_they_are_removed()
    {
        ICredentialStore store = await OpenAsync(), other = await OpenAgainAsync(store);
        Appointment ada = new("ada", s_now), bob = new("bob", s_now);
        await store.PutAppointmentAsync(ada);
        await store.PutAppointmentAsync(bob);
        Assert.Equal([ada, bob], (await other.AppointmentsAsync(default)).OrderBy(one => one.Nick));

        // A new one for the same nick stays when the old one has been carried out.
        await store.PutAppointmentAsync(ada with { MadeAt = s_now.AddMinutes(1) });
        await other.RemoveAppointmentAsync(ada);
        await other.RemoveAppointmentAsync(bob);
        Assert.Equal([ada with { MadeAt = s_now.AddMinutes(1) }], await store.AppointmentsAsync(default));
    }

    private static async Task<T[]> RaceAsync<T>(int seed, int racers, Func<int, ValueTask<T>> run)
    {
        var random = new Random(seed);
        int[] spins = [.. Enumerable.Range(0, racers).Select(_ => random.Next(2000))];
        using var start = new Barrier(racers);
        return await Task.WhenAll(Enumerable.Range(0, racers).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                Thread.SpinWait(spins[i]);
                return run(i).AsTask();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap())).WithinAsync();
    }

    private static StoredPassword Password(string hash, DateTimeOffset? at = null) => new(hash, at ?? s_now);

    private static ResetLink Link(string token, string userId) => new(LinkToken.HashOf(token), userId, s_now.AddHours(1));
}
