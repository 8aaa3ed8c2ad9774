using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Comet;

/// <summary>Which texts are allowed, on every wire that accepts texts.</summary>
public sealed class TextRuleTests
{
    private const string Unrecognized = "CHAT_PROTOCOL-001 Unrecognized message";

    public static TheoryData<string, string> Refused => new()
    {
        // Previously, "one character" of 64 KB was accepted and froze every browser.
        { "a" + new string('\u0301', 9_000), "too_long" },
        { "fine " + new string('\u0301', 9), "too_long" },
        { "a" + string.Concat(Enumerable.Repeat("\u0301\u200d", 9)), "too_long" },
        { string.Concat(Enumerable.Repeat("👩‍👩‍👧", 911)), "too_long" },
        { "a\0b", "bad_text" },
        { "a\u001b[2Jb", "bad_text" },
        { "a\u0085b", "bad_text" },
        { "/me waves\a", "bad_text" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Excessive_and_invalid_texts_are_refused_by_comet_and_flack(string text, string error)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        string before = server.Picture();
        Assert.Equal(error, (await alice.SendAsync(text)).Error);
        Assert.Equal(error, (await alice.SendAsync(text, to: "bob")).Error);
        Assert.Equal(error, (await alice.SendAsync("/topic " + text)).Error);
        Assert.Equal(error, (await alice.SendAsync("/pm bob " + text)).Error);
        Assert.Equal(before, server.Picture());

        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "den");
        await ann.TalkAsync("den", text);
        Assert.Equal(Unrecognized, await ann.ErrorAsync());
        await bob.SendAsync("still here");
        Assert.Equal("still here", (await alice.ReadUntilAsync(item => item.Text == "still here"))[^1].Text);
    }

    [Theory]
    [InlineData("สวัสดีครับ ที่นี่")]
    [InlineData("ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ")]
    [InlineData("בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים")]
    [InlineData("क्षत्रिय हिन्दी")]
    [InlineData("👩🏽‍🚀 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇩🇪 1️⃣ ❤️‍🔥")]
    [InlineData("قرآنٌ كَرِيمٌ \u200fabc\u200e")]
    [InlineData("one\ntwo\r\nthree\tfour")]
    [InlineData("x\u202egpj.exe")]
    [InlineData("Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307!")]
    public async Task Ordinary_texts_are_accepted(string text)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.SendAsync(text)).IsOk);
        Assert.Equal(text, (await alice.ReadAsync()).Single().Text);
        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "den");
        await ann.TalkAsync("den", text);
        Assert.Equal(text, (await ann.ExpectAsync("chat_message")).GetProperty("message").GetString());
    }

    // Previously, characters that count as letters but show nothing let a user send a line that looks empty.
    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\u202e")]
    [InlineData("\u115f\u1160")]
    [InlineData("\uffa0 \u00ad")]
    [InlineData("\U000e0041\U000e007f")]
    [InlineData("\ufe0f\u200d\u2060\ufeff")]
    [InlineData("\U0001d159")]
    public async Task A_text_without_visible_characters_counts_as_blank(string text)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await server.LoginAsync("bob");
        long head = server.Office.Head;
        CometAnswer answer = await alice.SendAsync(text);
        Assert.True(answer.IsOk);
        Assert.Null(answer.Id);
        Assert.True((await alice.SendAsync(text, to: "bob")).IsOk);
        Assert.Equal(head, server.Office.Head);
        Assert.Equal("Usage: /me text", await alice.AskAsync("/me " + text));
        Assert.Equal("Usage: /pm nick text", await alice.AskAsync("/pm bob " + text));

        await using FlackWire ann = await FlackWire.JoinAsync(server, "ann", "den");
        await ann.TalkAsync("den", text);
        Assert.Equal(Unrecognized, await ann.ErrorAsync());
    }

    // Previously, the names that a client sends along with its text were repeated in answers, and those are in the log: 64 KB each.
    [Fact]
    public async Task Other_fields_sent_with_a_text_take_no_space_in_the_log()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string huge = new('x', 60_000);
        long head = server.Office.Head;
        Assert.Equal("not_in_room", (await alice.SendAsync("/users", room: huge)).Error);
        Assert.Equal("not_in_room", (await alice.SendAsync("hi", room: huge)).Error);
        Assert.Equal("no_such_user", (await alice.SendAsync("hi", to: huge)).Error);
        Assert.Equal("no_such_user", (await alice.PostAsync("/chat/send_msg/", ("msg", "hi"), ("to_id", huge))).Error);
        Assert.Equal("not_in_room", (await alice.PostAsync("/chat/part/", ("room", huge))).Error);
        Assert.Equal(head, server.Office.Head);
    }

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("\u202egpj.exe")]
    [InlineData("zero\u200bwidth")]
    [InlineData("\ue000")]
    public async Task User_text_inside_a_system_message_stays_on_its_line(string text)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("boss");
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("A topic is one line that can be seen, without control characters.", await bob.AskAsync("/topic " + text));
        Assert.Equal(
            "Unable to kick: a reason is one line that can be seen, without control characters.",
            await admin.AskAsync($"/admin kick bob \"{text}\""));
        Assert.Equal(
            "Unable to ban: a reason is one line that can be seen, without control characters.",
            await admin.AskAsync($"/admin ban bob \"{text}\" 5"));
        Assert.True((await bob.SendAsync("/topic tea ☕️ 👩‍🚀")).IsOk);
        Assert.Equal("tea ☕️ 👩‍🚀", server.Room.FindRoom("lobby")!.Topic);
    }

    [Fact]
    public async Task The_bounds_are_options_and_are_reported_to_clients()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxMessageBytes=100", "Chat:MaxMarksPerLetter=2");
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.SendAsync(new string('é', 50))).IsOk);
        Assert.Equal("too_long", (await alice.SendAsync(new string('é', 50) + "x")).Error);
        Assert.True((await alice.SendAsync("a\u0301\u0302b")).IsOk);
        Assert.Equal("too_long", (await alice.SendAsync("a\u0301\u0302\u0303b")).Error);
        System.Text.Json.JsonElement limits = (await alice.GetAsync("/chat/me/")).Response.GetProperty("limits");
        Assert.Equal(100, limits.GetProperty("bytes").GetInt32());
        Assert.Equal(2, limits.GetProperty("marks").GetInt32());
    }
}
