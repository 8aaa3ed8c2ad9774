using System.Net.Sockets;

namespace ErlChat.Web.Tests.Emails;

/// <summary>Nobody can have e-mails sent without limit, neither to one receiver nor in all.</summary>
public sealed class EmailLimitTests
{
    [Fact]
    public async Task Requests_of_an_address_are_limited_and_it_is_told_how_long_to_wait()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:RequestsPerAddress=3"]);
        CometClient bob = await server.MemberAsync("bob");
        for (int i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await server.ForgetAsync("nobody")).Status);
        foreach (string nick in (string[])["nobody", "bob"])
        {
            CometAnswer refused = await server.ForgetAsync(nick);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 1200);
            Assert.Contains("Too many tries", refused.Body, StringComparison.Ordinal);
        }

        Assert.Equal("rate_limited", (await bob.StoreEmailAsync("bob@mail.example")).Error);
        Assert.Equal((null, null), await bob.EmailsAsync());
    }

    [Fact]
    public async Task A_member_and_an_e_mail_address_get_a_limited_number_and_strangers_do_not_learn_about_it()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:EmailsPerReceiver=2"]);
        await server.MemberAsync("bob", box);
        CometClient eve = await server.MemberAsync("eve", box);
        CometClient amy = await server.MemberAsync("amy");
        Assert.True((await eve.StoreEmailAsync("BOB@mail.example")).IsOk);
        Assert.Equal("BOB@mail.example", await ReceiverAsync(box));

        // An address does not get more because several members enter it, nor may a member write to many.
        Assert.Equal("rate_limited", (await amy.StoreEmailAsync("bob@mail.example")).Error);
        Assert.Equal("rate_limited", (await eve.StoreEmailAsync("eve@other.mail.example")).Error);

        // Members who enter an address do not keep its owner's links for new passwords back. These have a limit of their own.
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await server.ForgetAsync("bob")).Body));
        Assert.Single(answers.Distinct());
        for (int i = 0; i < 2; i++)
            Assert.Equal("bob@mail.example", await ReceiverAsync(box));
        Assert.True((await amy.StoreEmailAsync("amy@mail.example")).IsOk);
        Assert.Equal("amy@mail.example", await ReceiverAsync(box));
        Assert.Equal(0, box.Count);
    }

    /// <summary>Otherwise, somebody could ask for a member's links, and then try which address gets no more.</summary>
    [Fact]
    public async Task Links_for_a_new_password_do_not_tell_those_who_enter_an_address_whose_it_is()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:EmailsPerReceiver=2"]);
        await server.MemberAsync("bob", box);
        CometClient eve = await server.MemberAsync("eve");
        for (int i = 0; i < 3; i++)
            await server.ForgetAsync("bob");
        for (int i = 0; i < 2; i++)
            await box.TakeAsync();
        Assert.True((await eve.StoreEmailAsync("bob@mail.example")).IsOk);
    }

    /// <summary>A request that is over a member's limit must not void the link that the member has got.</summary>
    [Fact]
    public async Task A_link_outlives_requests_that_are_over_the_limit()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:EmailsPerReceiver=1"]);
        await server.MemberAsync("bob", box);
        await server.ForgetAsync("bob");
        string token = EmailSteps.TokenOf(await box.TakeAsync(), "/reset/");
        for (int i = 0; i < 5; i++)
            await server.ForgetAsync("bob");
        await server.MemberAsync("eve", box);
        Assert.Equal(0, box.Count);
        CometAnswer done = await server.Stranger().PostAsync("/reset/", ("token", token), ("password", "a cow in the snow"));
        Assert.Contains("is set", done.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_sends_a_limited_number_in_all()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:EmailsPerServer=1"]);
        await server.MemberAsync("bob", box);
        CometClient eve = await server.MemberAsync("eve");
        Assert.Equal("rate_limited", (await eve.StoreEmailAsync("eve@mail.example")).Error);
        Assert.Equal((null, null), await eve.EmailsAsync());
    }

    [Fact]
    public async Task Few_wait_for_a_mail_server_that_does_not_answer_and_nobody_who_asks()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(100);
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. PostBox.OptionsFor(port), "Smtp:MaxWaiting=2", "Smtp:Timeout=00:05:00"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        var answers = new List<CometAnswer>();
        for (int i = 0; i < 6; i++)
            answers.Add(await server.ForgetAsync("nobody").WithinAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[^1].Status);
        Assert.Contains("cannot do that at the moment", answers[^1].Body, StringComparison.Ordinal);
        Assert.Equal("unavailable", (await bob.StoreEmailAsync("bob@other.mail.example")).Error);
        Assert.True((await bob.SendAsync("the chat goes on")).IsOk);

        // Nor does a stop wait for it.
        await server.StopAsync().WithinAsync(TimeSpan.FromSeconds(10));
        Assert.Single(server.Logs.Of("EmailsUnsent"));
    }

    private static async Task<string> ReceiverAsync(PostBox box) => (await box.TakeAsync()).To.Mailboxes.Single().Address;
}
