using ErlChat.Members;
using ErlChat.Rooms;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace ErlChat.Web.Tests.Emails;

/// <summary>Members confirm an e-mail address and get links for a new password there, over a real mail server.</summary>
public sealed class EmailTests
{
    [Fact]
    public async Task A_member_confirms_an_address_and_chooses_a_new_password_with_a_link_sent_there()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        await server.MemberAsync("carl", box);
        CometClient bob = await server.MemberAsync("bob");
        Assert.Equal((null, null), await bob.EmailsAsync());
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        MimeMessage asked = await box.TakeAsync();
        Assert.Equal("chat@chat.example", asked.From.Mailboxes.Single().Address);
        Assert.Equal("Please confirm your e-mail address for chat.example", asked.Subject);
        Assert.Equal("auto-generated", asked.Headers[HeaderId.AutoSubmitted]);
        Assert.EndsWith("@chat.example", asked.MessageId, StringComparison.Ordinal);
        Assert.Contains("member bob of", asked.TextBody, StringComparison.Ordinal);

        // Opening the link only asks: mail servers open links too. Until it is confirmed, the address does not count.
        string token = EmailSteps.TokenOf(asked, "/login/email/");
        CometAnswer page = await server.Stranger().GetAsync($"/login/email/?token={token}");
        Assert.Contains("bob@mail.example – bob", WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
        Assert.Equal((null, "bob@mail.example"), await bob.EmailsAsync());
        await server.ForgetAsync("bob");

        // Requests are dealt with in their order, so nothing was sent to bob.
        await server.ForgetAsync("carl");
        Assert.Equal("carl@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        Assert.Contains(
            "is confirmed", (await server.Stranger().PostAsync("/login/email/", ("token", token))).Body, StringComparison.Ordinal);
        Assert.Equal(("bob@mail.example", null), await bob.EmailsAsync());
        Assert.Contains(
            "not valid", (await server.Stranger().PostAsync("/login/email/", ("token", token))).Body, StringComparison.Ordinal);

        Assert.Contains("/login/forgotten/", (await server.Stranger().GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("is on its way", (await server.ForgetAsync(" BOB ")).Body, StringComparison.Ordinal);
        MimeMessage sent = await box.TakeAsync();
        Assert.Equal("A new password for chat.example", sent.Subject);
        string reset = EmailSteps.TokenOf(sent, "/reset/");
        CometClient stranger = server.Stranger();
        Assert.Contains("bob", (await stranger.GetAsync($"/reset/?token={reset}")).Body, StringComparison.Ordinal);
        Assert.Contains("is set", (await ResetAsync(stranger, reset, "a cow in the snow")).Body, StringComparison.Ordinal);
        Assert.Contains("not valid", (await ResetAsync(stranger, reset, "a pig in the mud")).Body, StringComparison.Ordinal);
        Assert.Equal("bad_session", (await bob.GetAsync("/chat/me/")).Error);
        Assert.NotNull((await stranger.PostAsync("/login/", ("nick", "bob"), ("password", "a cow in the snow"), ("keep", "1"))).Token);
        Assert.Equal(0, box.Count);
        server.HasNoAddressInItsLog();

        static Task<CometAnswer> ResetAsync(CometClient client, string token, string password) =>
            client.PostAsync("/reset/", ("token", token), ("password", password));
    }

    /// <summary>Otherwise, the page would tell whose address the chat knows, and who is a member.</summary>
    [Fact]
    public async Task Whoever_is_asked_for_the_answer_is_the_same()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Smtp:RequestsPerAddress=100"]);
        await server.MemberAsync("bob", box);
        await server.MemberAsync("eve");
        await server.LoginAsync("guest");
        CometAnswer known = await server.ForgetAsync("bob");
        Assert.Equal(HttpStatusCode.OK, known.Status);
        foreach (string nick in (string[])["eve", "guest", "nobody", "", "bob@mail.example", new string('x', 50_000), "a\r\nb\0<b>"])
        {
            CometAnswer other = await server.ForgetAsync(nick);
            Assert.Equal((known.Status, known.Body), (other.Status, other.Body));
            Assert.Equal(known.Headers.Keys.Order(), other.Headers.Keys.Order());
        }

        // They were all dealt with, in their order: what follows the first is for whoever asked last.
        await server.ForgetAsync("bob");
        for (int i = 0; i < 2; i++)
            Assert.Equal("bob@mail.example", (await box.TakeAsync()).To.Mailboxes.Single().Address);
        Assert.Equal(0, box.Count);
    }

    [Theory]
    [InlineData("bob@mail.example\r\nBcc: eve@mail.example")]
    [InlineData("bob@mail.example, eve@mail.example")]
    [InlineData("Bob <bob@mail.example>")]
    [InlineData("bob")]
    [InlineData(" ")]
    public async Task What_is_no_address_is_refused_and_changes_nothing(string address)
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        CometClient bob = await server.MemberAsync("bob", box);
        Assert.Equal("bad_email", (await bob.StoreEmailAsync(address)).Error);
        Assert.Equal(("bob@mail.example", null), await bob.EmailsAsync());
        Assert.Equal(0, box.Count);
    }

    /// <summary>An address for new passwords is as good as the password: whoever finds an open browser must not set one.</summary>
    [Fact]
    public async Task Only_a_member_who_gives_the_password_changes_the_address()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        CometClient bob = await server.MemberAsync("bob", box);
        Assert.Equal("wrong_password", (await bob.StoreEmailAsync("thief@mail.example", "not the password")).Error);
        Assert.Equal("wrong_password", (await bob.StoreEmailAsync("", "")).Error);
        Assert.Equal(("bob@mail.example", null), await bob.EmailsAsync());
        CometClient guest = await server.LoginAsync("guest");
        Assert.Equal("not_member", (await guest.StoreEmailAsync("guest@mail.example")).Error);
        Assert.Equal("bad_session", (await server.Stranger().StoreEmailAsync("x@mail.example")).Error);
        Assert.DoesNotContain("\"email\"", (await guest.GetAsync("/chat/devices/")).Body, StringComparison.Ordinal);

        Assert.True((await bob.StoreEmailAsync("")).IsOk);
        Assert.Equal((null, null), await bob.EmailsAsync());
        await server.ForgetAsync("bob");
        await server.MemberAsync("amy", box);
        Assert.Equal(0, box.Count);
    }

    /// <summary>
    /// Otherwise, a stranger could void the link by asking for another, and somebody who had got in before would stay in.
    /// </summary>
    [Fact]
    public async Task An_administrators_link_removes_the_address_and_nobody_can_have_another_sent()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        CometClient bob = await server.MemberAsync("bob", box);
        Assert.True((await bob.StoreEmailAsync("thief@mail.example")).IsOk);
        string pending = EmailSteps.TokenOf(await box.TakeAsync(), "/login/email/");
        MemberAccounts members = server.Services.GetRequiredService<MemberAccounts>();
        Assert.NotNull((await members.CreateResetLinkAsync("nobody")).Refused);
        Assert.Equal(("bob@mail.example", "thief@mail.example"), await bob.EmailsAsync());
        NewLink link = (await members.CreateResetLinkAsync("bob")).Link!;
        Assert.Equal((null, null), await bob.EmailsAsync());
        Assert.Contains(
            "not valid", (await server.Stranger().PostAsync("/login/email/", ("token", pending))).Body, StringComparison.Ordinal);
        await server.ForgetAsync("bob");
        await server.MemberAsync("amy", box);
        Assert.Equal(0, box.Count);
        CometAnswer done = await server.Stranger().PostAsync("/reset/", ("token", link.Token), ("password", "a cow in the snow"));
        Assert.Contains("is set", done.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_in_the_export_and_goes_with_the_member()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync(box.Options);
        CometClient bob = await server.MemberAsync("bob", box);
        Assert.True((await bob.StoreEmailAsync("bob@next.mail.example")).IsOk);
        string token = EmailSteps.TokenOf(await box.TakeAsync(), "/login/email/");
        string userId = (await bob.GetAsync("/chat/me/")).Response.GetProperty("user_id").GetString()!;
        string export = (await bob.GetAsync("/chat/export/")).Body;
        Assert.Contains("""{"kind":"email","address":"bob@mail.example","confirmed":true}""", export, StringComparison.Ordinal);
        Assert.Contains("""{"kind":"email","address":"bob@next.mail.example","confirmed":false}""", export, StringComparison.Ordinal);
        Assert.True((await bob.PostAsync("/chat/erase/", ("password", EmailSteps.Password), ("confirm", "yes"))).IsOk);
        Assert.Equal(new MemberEmails(null, null), await server.Credentials().FindEmailsAsync(userId, DateTimeOffset.UnixEpoch, default));
        Assert.Contains(
            "not valid", (await server.Stranger().PostAsync("/login/email/", ("token", token))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_a_path_the_links_have_the_path()
    {
        await using var box = new PostBox();
        await using ChatServerHost server = await ChatServerHost.StartAsync([.. box.Options, "Chat:PathBase=/talk"]);
        CometClient bob = await server.MemberAsync("bob");
        Assert.True((await bob.StoreEmailAsync("bob@mail.example")).IsOk);
        string token = EmailSteps.TokenOf(await box.TakeAsync(), "/talk/login/email/");
        Assert.Contains(
            "action=\"/talk/login/email/\"",
            (await server.Stranger().GetAsync($"/talk/login/email/?token={token}")).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_there_is_nothing_of_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.MemberAsync("bob");
        Assert.DoesNotContain("forgotten", (await server.Stranger().GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("email", (await bob.GetAsync("/chat/devices/")).Body, StringComparison.Ordinal);
        foreach (string path in (string[])["/login/forgotten/", "/login/email/?token=x"])
            Assert.Equal(HttpStatusCode.NotFound, (await server.Stranger().GetAsync(path)).Status);
        foreach (string path in (string[])["/login/forgotten/", "/login/email/", "/chat/email/"])
            Assert.Equal(HttpStatusCode.NotFound, (await bob.PostAsync(path, ("nick", "bob"), ("address", "a@b"))).Status);
        Assert.Null(server.Services.GetService<ErlChat.Web.Emails.EmailQueue>());
    }
}
