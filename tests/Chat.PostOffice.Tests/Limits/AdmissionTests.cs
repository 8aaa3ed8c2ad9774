using ErlChat.Limits;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Limits by session, address, network and server (comet wire, clause 9).</summary>
public class AdmissionTests
{
    // A loop of login, ten messages, leave sent 9 095 messages a second: the limit was a session's, and each had a new one.
    [Fact]
    public async Task An_address_has_a_budget_of_messages_that_leaving_does_not_refill()
    {
        await using TestChat chat = await TestChat.StartAsync();
        int said = 0;
        for (int i = 0; i < 30; i++)
        {
            TestSession one = await chat.LoginAsync($"user{i}");
            for (int k = 0; k < 10; k++)
                said += await one.SubmitAsync("x") is Accepted ? 1 : 0;
            await chat.Room.LeaveAsync(one.Key);
        }

        Assert.Equal(150, said);
        TestSession other = await chat.LoginAsync("other", "192.0.2.2");
        Assert.IsType<Accepted>(await other.SubmitAsync("x"));
    }

    [Fact]
    public async Task The_refused_is_told_exactly_how_long_its_address_has_to_wait()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession[] all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => chat.LoginAsync($"user{i}")));
        foreach (TestSession one in all[..15])
        {
            for (int k = 0; k < 10; k++)
                Assert.IsType<Accepted>(await one.SubmitAsync("x"));
        }

        // 30 a second.
        var refused = Assert.IsType<Refused>(await all[15].SubmitAsync("x"));
        Assert.Equal(new Refused(Refusal.RateLimited, TimeSpan.FromTicks(333_334)), refused);
        chat.Clock.Advance(refused.Wait!.Value - TimeSpan.FromTicks(1));
        Assert.IsType<Refused>(await all[15].SubmitAsync("x"));
        chat.Clock.Advance(TimeSpan.FromTicks(1));

        // And the refusals by the address cost the session nothing of its own.
        Assert.IsType<Accepted>(await all[15].SubmitAsync("x"));
        chat.Clock.Advance(TimeSpan.FromSeconds(1));
        for (int k = 0; k < 10; k++)
            Assert.IsType<Accepted>(await all[15].SubmitAsync("x"));
    }

    // Logins and leaves alone made 2 528 items a second for every reader of the lobby.
    [Fact]
    public async Task An_address_has_a_budget_of_logins_and_other_addresses_have_theirs()
    {
        await using TestChat chat = await TestChat.StartAsync();
        for (int i = 0; i < 40; i++)
            await chat.Room.LeaveAsync((await chat.LoginAsync($"user{i}")).Key);
        JoinResult refused = await chat.Room.JoinAsync(new JoinRequest("more", "192.0.2.1"));
        Assert.Equal(new Refused(Refusal.RateLimited, TimeSpan.FromSeconds(3)), refused.Outcome);
        await chat.LoginAsync("other", "192.0.2.2");
        chat.Clock.Advance(TimeSpan.FromSeconds(3));
        await chat.LoginAsync("more");
        Assert.Equal(Refusal.RateLimited, Assert.IsType<Refused>((await chat.Room.JoinAsync(new JoinRequest("evenmore", "192.0.2.1"))).Outcome).Why);
    }

    [Fact]
    public async Task Every_64_of_an_IPv6_network_has_a_budget_and_the_48_has_eight()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.MaxSessionsPerHost = 1000);
        int logins = 0;
        for (int i = 0; i < 20; i++)
        {
            string host = HostAddress.Of(System.Net.IPAddress.Parse($"2001:db8:1:{i + 1}::1"));
            for (int k = 0; k < 50; k++)
                logins += (await chat.Room.JoinAsync(new JoinRequest($"u{i}n{k}", host))).Token is null ? 0 : 1;
        }

        Assert.Equal(8 * 40, logins);
        await chat.LoginAsync("neighbour", HostAddress.Of(System.Net.IPAddress.Parse("2001:db8:2:1::1")));
        Assert.Single(chat.Logs.Of("LimitBegins"), line => line.Text.Contains("2001:db8:1::/48", StringComparison.Ordinal));
    }

    // With messages of 64 KB the same loop wrote 112 MB/s to the disk.
    [Fact]
    public async Task A_session_has_a_budget_of_bytes_to_the_log()
    {
        await using TestChat chat = await new TestChatBuilder()
            .With(options => (options.MaxMessageLength, options.MaxMessageBytes) = (20_000, 65_536))
            .StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        string text = new('€', 20_000);
        for (int i = 0; i < 4; i++)
            Assert.IsType<Accepted>(await alice.SubmitAsync(text));
        var refused = Assert.IsType<Refused>(await alice.SubmitAsync(text));
        Assert.Equal(Refusal.RateLimited, refused.Why);
        chat.Clock.Advance(refused.Wait!.Value);
        Assert.IsType<Accepted>(await alice.SubmitAsync(text));
    }

    [Fact]
    public async Task What_a_limit_begins_to_refuse_is_one_line_in_the_log_and_one_each_in_the_count()
    {
        await using TestChat chat = await TestChat.StartAsync();
        var counted = new List<Limit>();
        chat.Admission.Refusing += counted.Add;
        for (int i = 0; i < 100; i++)
            await chat.Room.JoinAsync(new JoinRequest($"user{i}", $"192.0.2.{1 + i % 2}"));

        // 32 of each address, and then it is full of sessions.
        foreach (string host in (string[])["192.0.2.1", "192.0.2.2"])
        {
            while (chat.Admission.Login(host) is null)
            {
            }

            for (int i = 0; i < 9; i++)
                Assert.NotNull(chat.Admission.Login(host));
        }

        Assert.Equal(2, chat.Logs.Of("LimitBegins").Count);
        Assert.Equal(Enumerable.Repeat(new Limit(LimitKind.Logins, LimitScope.Address), 20), counted);
    }

    [Fact]
    public async Task A_stranger_with_many_addresses_does_not_fill_the_servers_own_log()
    {
        var limits = new LimitOptions();
        limits.Probes.Address.Count = 2;
        await using TestChat chat = await new TestChatBuilder().WithLimits(limits).StartAsync();
        for (int i = 0; i < 100; i++)
        {
            while (chat.Admission.Probe($"192.0.2.{i}") is null)
            {
            }
        }

        Assert.Equal(20, chat.Logs.Of("LimitBegins").Count);
    }

    [Fact]
    public async Task Without_limits_only_the_rate_of_a_session_is_left()
    {
        await using TestChat chat = await new TestChatBuilder().WithLimits(LimitOptions.Off()).StartAsync();
        for (int i = 0; i < 200; i++)
        {
            TestSession one = await chat.LoginAsync($"user{i}");
            for (int k = 0; k < 10; k++)
                Assert.IsType<Accepted>(await one.SubmitAsync("x"));
            Assert.IsType<Refused>(await one.SubmitAsync("x"));
            await chat.Room.LeaveAsync(one.Key);
        }
    }

    [Fact]
    public async Task An_answer_that_is_long_costs_bytes_and_is_put_off_without()
    {
        var limits = new LimitOptions();
        limits.LogBytes.Session.Count = 4096;
        await using TestChat chat = await new TestChatBuilder().WithLimits(limits).StartAsync();
        for (int i = 0; i < 120; i++)
            await chat.LoginAsync($"longnickname{i}", $"192.0.3.{i}");
        TestSession alice = await chat.LoginAsync("alice");
        Assert.StartsWith("People in lobby: ", Assert.Single(await alice.AskAsync("/users")), StringComparison.Ordinal);
        Assert.Matches(@"^The answer is too long at the moment. Please try again in \d+ seconds.$", Assert.Single(await alice.AskAsync("/users")));
        chat.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("People in lobby: ", Assert.Single(await alice.AskAsync("/users")), StringComparison.Ordinal);
    }
}
