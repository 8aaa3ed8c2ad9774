using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Output;
using ErlChat.Terminal.Pinging;

namespace ErlChat.Terminal.Tests;

// Inside the namespace, because some of the log's entries in ErlChat have the same names.
using ErlChat.Client;

public class OutputTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    public static TheoryData<ChatEvent, string> Lines => new()
    {
        { new Said(1, s_at, "lobby", "bob", "hi", false, false), "bob: hi" },
        { new Said(1, s_at, "tea", "bob", "hi", true, false), "[tea] bob: hi" },
        { new Said(1, s_at, "lobby", "bob", "waves", false, true), "* bob waves" },
        { new Said(1, s_at, "lobby", "bob", "one\nalice: forged", false, false), "bob: one|    alice: forged" },
        { new Whispered(1, s_at, "bob", "me", "psst", false), "[pm from bob] psst" },
        { new Whispered(1, s_at, "me", "bob", "psst", true), "[pm to bob] psst" },
        { new Said(1, s_at, "tea", "bob", "hi", false, false) { Edited = s_at }, "[tea] (edited) bob: hi" },
        { new Said(1, s_at, "lobby", "bob", "", false, false) { IsDeleted = true }, "* message of bob deleted *" },
        { new Whispered(1, s_at, "bob", "me", "psst", false) { Edited = s_at }, "[pm from bob] (edited) psst" },
        { new Whispered(1, s_at, "bob", "me", "", false) { IsDeleted = true }, "[pm from bob] * message deleted *" },
        { new Whispered(1, s_at, "me", "bob", "", true) { IsDeleted = true }, "[pm to bob] * message deleted *" },
        { new MessageEdited(2, s_at, "tea", null, 1, "bob", "hi\nall", false), "[tea] * bob corrected a message: hi|    all" },
        {
            new ReactionsChanged(
                2, s_at, "tea", null, 1, [new("👍", "7", "bob", true), new("🙂", "7", "bob", false), new("👍", "8", "al", true)]),
            "[tea] * bob, al reacted: 👍 *"
        },
        { new MessageEdited(2, s_at, null, "7", 1, "bob", "hi", false), "[pm] * bob corrected a message: hi" },
        { new MessageRemoved(2, s_at, "lobby", null, 1, "bob", false), "* bob deleted a message *" },
        { new MessageRemoved(2, s_at, "tea", null, 1, "bob", true), "[tea] * a moderator deleted a message of bob *" },
        { new UserJoined(1, s_at, "tea", "bob"), "[tea] * bob has joined *" },
        { new UserLeft(1, s_at, ["lobby", "tea"], "bob", "normal"), "* bob has left *" },
        { new UserLeft(1, s_at, ["tea", "lobby"], "bob", "timeout") { IsOffline = true }, "[tea] * bob has gone offline *" },
        { new UserJoined(1, s_at, "lobby", "bob") { IsBack = true }, "* bob is back *" },
        { new UserLeft(1, s_at, ["lobby"], "bob", "kicked: noise"), "* bob has left (kicked: noise) *" },
        { new TopicChanged(1, s_at, "tea", "bob", ""), "[tea] * bob took the topic away *" },
        { new TopicChanged(1, s_at, "tea", "bob", "green"), "[tea] * bob set the topic: green" },
        { new RoomRenamed(1, s_at, "tea", "bob", "Coffee"), "[tea] * bob has renamed the room to Coffee *" },
        { new RoomRenamed(1, s_at, "tea", "bob", null), "[tea] * bob has renamed the room to tea *" },
        { new RoomEntered(1, s_at, "tea", "green", ["bob", "me"]), "* Users in tea: bob:me *|* Topic: green *" },
        { new RoomParted(1, s_at, "tea"), "* You have left tea *" },
        { new RoomParted(1, s_at, "tea") { By = "bob" }, "* bob has removed you from tea *" },
        { new RoomParted(1, s_at, "tea") { By = "bob", Reason = "too loud" }, "* bob has removed you from tea: too loud *" },
        { new AdminChanged(1, s_at, "bob", true), "* bob is now an administrator *" },
        { new Notice(1, s_at, "Commands:\n/x"), "*** Commands:|    /x" },
        { new ConnectionResumed(), "! The server is back." },
        { new SessionEnded("kicked"), "! The session is over: kicked." },
        { new Unknown(1, s_at, "poke", "{}"), "" },
        {
            new Resynced(
                [new RoomSnapshot("lobby", ["me", "bob"], 9)], [new Said(1, s_at, "lobby", "bob", "missed", false, false)], true, true),
            "! Logged in again.|bob: missed"
            + "|! Some messages sent in the meantime may be missing: the server no longer has them.|* Users in the room: me:bob *"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_event_has_its_lines(ChatEvent happened, string lines) =>
        Assert.Equal(lines, string.Join('|', EventText.Of(happened)));

    [Fact]
    public void The_explanation_of_the_end_is_shown_unless_it_was_shown_as_a_notice()
    {
        var ended = new SessionEnded("kicked") { Explanation = "Kicked.\nReason: \u001b[2J" };
        foreach (bool isTold in new[] { false, true })
        {
            var lines = new List<string>();
            var output = new TextOutput(lines.AddRange, new RoomTitles());
            if (isTold)
                output.Show(new Notice(1, s_at, ended.Explanation));
            output.Show(ended);
            Assert.Equal(["*** Kicked.", "    Reason: \uFFFD[2J", "! The session is over: kicked."], lines);
        }
    }

    [Theory]
    [InlineData("plain é 日 👍🏽 \u200D", "plain é 日 👍🏽 \u200D")]
    [InlineData("\u001b]0;title\u0007", "\uFFFD]0;title\uFFFD")]
    [InlineData("a\tb\nc\r\0\u007f\u009b", "a b c \uFFFD\uFFFD\uFFFD")]
    [InlineData("\u202Eevil\u2066", "\uFFFDevil\uFFFD")]
    public void No_terminal_control_sequence_gets_through(string text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void No_control_sequence_in_the_prompts_nick_gets_through()
    {
        var chat = new TerminalChat(
            new LoginSettings([new Uri("http://chat.example")], "\u001b[2Jbob"),
            new ChatClientOptions(),
            new TextOutput(_ => { }, new RoomTitles()),
            new Roster(),
            new RoomTitles());
        Assert.Equal("\uFFFD[2Jbob (away)> ", chat.Prompt);
    }

    [Fact]
    public void Json_names_events_and_their_members()
    {
        Assert.Equal(
            """{"event":"user_left","rooms":["lobby"],"nick":"bob","reason":"a \"b\"","id":1,"at":"2026-11-20T07:00:00+00:00"}""",
            EventJson.Of(new UserLeft(1, s_at, ["lobby"], "bob", "a \"b\"")));
        Assert.Equal(
            """{"event":"resynced","rooms":[{"room":"lobby","users":["me"],"as_of":9}]"""
            + ""","missed":[{"event":"notice","text":"\u001Bx","id":1,"at":"2026-11-20T07:00:00+00:00"}]"""
            + ""","may_lack":false,"new_session":true}""",
            EventJson.Of(new Resynced([new RoomSnapshot("lobby", ["me"], 9)], [new Notice(1, s_at, "\u001bx")], false, true)));
    }

    [Fact]
    public void The_roster_follows_the_events()
    {
        var roster = new Roster();
        roster.Set("lobby", ["me", "bob"]);
        roster.Apply(new UserJoined(1, s_at, "Tea", "carol"));
        roster.Apply(new UserJoined(2, s_at, "lobby", "dave"));
        roster.Apply(new UserLeft(3, s_at, ["lobby", "tea"], "BOB", "normal"));
        Assert.Equal(["carol", "dave", "me"], roster.Nicks.Order());
        roster.Apply(new RoomParted(4, s_at, "tea"));
        Assert.Equal(["dave", "me"], roster.Nicks.Order());
        roster.Apply(new Resynced([new RoomSnapshot("lobby", ["me"], 9)], [], false, false));
        Assert.Equal(["me"], roster.Nicks);
    }

    [Theory]
    [InlineData("host:1", "host", 1)]
    [InlineData("host", "host", 5555)]
    [InlineData("[::1]:7", "::1", 7)]
    [InlineData("::1", "::1", 5555)]
    [InlineData("[::1]", "::1", 5555)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535)]
    public void Peer_addresses_are_parsed(string text, string host, int port)
    {
        Assert.True(PeerAddress.TryParse(text, out string foundHost, out int foundPort));
        Assert.Equal((host, port), (foundHost, foundPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("ho st:1")]
    public void Invalid_addresses_are_refused(string text) => Assert.False(PeerAddress.TryParse(text, out _, out _));
}
