using System.Text;

namespace ErlChat.Web.Tests.Comet;

/// <summary><c>send_msg</c> (docs/comet.md, clause 8).</summary>
public class SendTests
{
    [Theory]
    [InlineData("msg=hi", "hi")]
    [InlineData("msg=a;b=c", "a")]
    [InlineData("x=y;msg=a", "a")]
    [InlineData("msg=%zz", "%zz")]
    [InlineData("msg=100%", "100%")]
    [InlineData("msg=a+b%2Bc", "a b+c")]
    [InlineData("msg=first&msg=second", "first")]
    [InlineData("msg=hi&_=", "hi")]
    [InlineData("msg=a%0D%0Ab", "a\r\nb")]
    [InlineData("msg=%3Cb%3E%22%27%26amp;", "<b>\"'&amp")]
    [InlineData("msg=%ED%A0%80", "\ufffd\ufffd\ufffd")]
    [InlineData("msg=%EF%BF%BE%EF%BF%BF", "\ufffe\uffff")]
    [InlineData("msg=%FF%C3", "\ufffd\ufffd")]
    [InlineData("msg=%F0%9F%98%80", "😀")]
    [InlineData("msg= padded ", " padded ")]
    [InlineData("msg=/ help", "/ help")]
    [InlineData("msg=//", "//")]
    [InlineData("msg= /help", " /help")]
    [InlineData("command=0&msg=/help", "/help")]
    public async Task A_text_arrives_unchanged_and_no_text_breaks_a_mailbox(string body, string text)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        CometAnswer answer = await bob.PostRawAsync(
            "/chat/send_msg/", Encoding.UTF8.GetBytes(body), "application/x-www-form-urlencoded; charset=UTF-8");
        Assert.True(answer.IsOk, answer.Body);
        Assert.Equal(text, (await alice.ReadAsync())[^1].Text);
        Assert.Equal(text, (await bob.ReadAsync())[^1].Text);
        await bob.SendAsync("behind it");
        Assert.Equal("behind it", (await alice.ReadAsync()).Single().Text);
    }

    [Fact]
    public async Task Whether_a_text_may_be_a_command_is_0_or_1()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("bad_request", (await bob.PostAsync("/chat/send_msg/", ("msg", "/help"), ("command", "no"))).Response.GetString());
        Assert.Null((await bob.PostAsync("/chat/send_msg/", ("msg", "/help"), ("command", "1"))).Id);

        // The administrators' password stays a secret.
        Assert.Equal("secret", (await bob.PostAsync("/chat/send_msg/", ("msg", "/auth demopass"), ("command", "0"))).Response.GetString());
    }

    [Theory]
    [InlineData("msg=")]
    [InlineData("msg=+++")]
    [InlineData("msg=%0A%09")]
    [InlineData("msg")]
    [InlineData("")]
    [InlineData("other=x")]
    [InlineData("&_=")]
    public async Task An_empty_message_is_accepted_and_causes_no_event(string body)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:RateLimitCount=1", "Chat:RateLimitWindow=01:00:00");
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        for (int i = 0; i < 3; i++)
            Assert.Equal(
                "{\"status\":\"ok\",\"response\":\"\"}",
                (await alice.PostRawAsync("/chat/send_msg/?msg=hi", Encoding.UTF8.GetBytes(body))).Body);
        Assert.Equal(before, server.Picture());
        Assert.True((await alice.SendAsync("one")).IsOk);
    }

    [Fact]
    public async Task A_request_without_a_body_or_a_type_counts_as_empty()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.RequestAsync(HttpMethod.Post, "/chat/send_msg/", null, [])).IsOk);
        Assert.True((await alice.PostRawAsync("/chat/send_msg/", [], null)).IsOk);
    }

    [Theory]
    [InlineData("application/json", "{\"msg\":\"hi\"}")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"msg\"\r\n\r\nhi\r\n--x--\r\n")]
    [InlineData("text/plain", "msg=hi")]
    [InlineData("nonsense", "msg=hi")]
    [InlineData("application/x-www-form-urlencodedx", "msg=hi")]
    [InlineData(null, "msg=hi")]
    public async Task A_body_of_another_type_gets_415(string? type, string body)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        CometAnswer answer = await alice.PostRawAsync("/chat/send_msg/", Encoding.UTF8.GetBytes(body), type);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal("bad_request", answer.Error);
        Assert.Equal(before, server.Picture());
    }

    [Theory]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    [InlineData("application/x-www-form-urlencoded;charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded; charset=\"UTF-8\"")]
    public async Task The_forms_content_type_may_be_spelled_in_any_valid_way(string type)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.PostRawAsync("/chat/send_msg/", "msg=hi"u8.ToArray(), type)).IsOk);
        Assert.Equal("hi", (await alice.ReadAsync()).Single().Text);
    }

    [Theory]
    [InlineData("a", 2000)]
    [InlineData("é", 2000)]
    [InlineData("e\u0301", 2000)]
    [InlineData("👩‍👩‍👧", 300)]
    public async Task Length_is_counted_in_user_perceived_characters(string character, int limit)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:MaxMessageLength={limit}");
        CometClient alice = await server.LoginAsync("alice");
        string longest = string.Concat(Enumerable.Repeat(character, limit));
        Assert.True((await alice.SendAsync(longest)).IsOk);
        CometAnswer refused = await alice.SendAsync(longest + character);
        Assert.Equal("{\"status\":\"error\",\"response\":\"too_long\"}", refused.Body);
        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.Equal(longest, (await alice.ReadAsync()).Single().Text);
    }

    [Fact]
    public async Task The_default_limit_is_two_thousand_characters()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.SendAsync(new string('x', 2000))).IsOk);
        Assert.Equal("too_long", (await alice.SendAsync(new string('x', 2001))).Error);
    }

    [Fact]
    public async Task A_private_message_reaches_only_its_recipient_and_its_sender()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        CometClient carol = await server.LoginAsync("carol");
        Assert.True((await carol.SendAsync("psst <i>", to: "ALICE")).Id > 0);
        await carol.SendAsync("aloud");
        CometItemView got = (await alice.ReadAsync()).Single(item => item.Kind == "whisper");
        Assert.Equal("Private message from carol: psst &lt;i&gt;", got.Data.GetString());
        Assert.Equal("{\"from\":\"carol\",\"to\":\"alice\",\"msg\":\"psst <i>\",\"own\":false}", got.Json.GetProperty("data").GetRawText());
        Assert.Equal(
            ["system_msg Private message to alice: psst <i>", "sent_chat_msg carol aloud"],
            (await carol.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(["user_joined_room carol", "chat_msg carol aloud"], (await bob.ReadAsync()).Select(item => item.ToString()));
    }

    [Fact]
    public async Task Refusals_are_reported()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal("{\"status\":\"error\",\"response\":\"no_such_user\"}", (await alice.SendAsync("x", to: "nobody")).Body);
        Assert.Equal("{\"status\":\"error\",\"response\":\"not_in_room\"}", (await alice.SendAsync("x", room: "den")).Body);
        Assert.Equal("bad_key", (await alice.SendAsync("x", key: new string('k', 65))).Error);
        Assert.True((await alice.SendAsync("x", key: new string('k', 64))).IsOk);
        await admin.AskAsync("/admin mute alice 100");
        CometAnswer muted = await alice.SendAsync("x");
        Assert.Equal("muted", muted.Error);
        Assert.InRange(muted.Json.GetProperty("retry_after").GetInt64(), 90, 100);
    }

    [Fact]
    public async Task A_repeated_key_gets_the_first_outcome_and_sends_nothing()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync([.. ChatServerHost.NoLimits, "Chat:IdleLimit=01:00:00"]);
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer first = await alice.SendAsync("one", key: "k");
        Assert.Equal(first.Body, (await alice.SendAsync("one", key: "k")).Body);
        Assert.Equal(first.Body, (await alice.SendAsync("two", key: "k")).Body);
        Assert.Equal("no_such_user", (await alice.SendAsync("x", to: "bob", key: "refused")).Error);
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("no_such_user", (await alice.SendAsync("x", to: "bob", key: "refused")).Error);
        Assert.NotEqual(first.Body, (await bob.SendAsync("mine", key: "k")).Body);
        server.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(first.Body, (await alice.SendAsync("one", key: "k")).Body);
        server.Clock.Advance(TimeSpan.FromMinutes(1.1));
        Assert.NotEqual(first.Body, (await alice.SendAsync("one", key: "k")).Body);
        Assert.Equal(["one", "one"], (await alice.ReadAsync()).Where(item => item.Type == "sent_chat_msg").Select(item => item.Text));
    }

    [Fact]
    public async Task A_repeat_does_not_count_twice_against_the_rate_limit()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=1");
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer first = await alice.SendAsync("one", key: "k");
        Assert.Equal(first.Body, (await alice.SendAsync("one", key: "k")).Body);
        Assert.Equal("rate_limited", (await alice.SendAsync("two")).Error);
    }

    [Fact]
    public async Task The_same_key_many_times_at_once_sends_one_message()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        CometClient alice = await server.LoginAsync("alice");
        for (int round = 0; round < 10; round++)
        {
            string key = $"key{round}";
            CometAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 12)
                .Select(i => Task.Run(() => alice.SendAsync($"{round}", key: key)))).WithinAsync(TimeSpan.FromSeconds(20));
            Assert.True(answers[0].IsOk, answers[0].Body);
            Assert.Single(answers.Select(answer => answer.Body).Distinct());
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), (await alice.ReadAsync()).Select(item => item.Text));
    }

    [Fact]
    public async Task A_command_with_a_key_is_carried_out_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("/me waves", key: "k");
        await alice.SendAsync("/me waves", key: "k");
        await alice.SendAsync("/topic tea", key: "t");
        await alice.SendAsync("/topic tea", key: "t");
        Assert.Equal(
            ["sent_chat_msg alice waves", "system_msg alice set the topic: tea"],
            (await alice.ReadAsync()).Select(item => item.ToString()));
    }
}
