using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>What a person typed: size, shape, pace, keys.</summary>
public class SubmitTests
{
    [Fact]
    public async Task Words_are_answered_with_the_sequence_that_they_got_and_are_there_by_then()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        var accepted = Assert.IsType<Accepted>(await alice.SubmitAsync("hello"));
        Assert.True(chat.Office.Head >= accepted.Sequence);
        Mail own = (await alice.DrainAsync())[^1], others = Assert.Single(await bob.DrainAsync());
        Assert.Equal((accepted.Sequence, accepted.Sequence), (own.Sequence, others.Sequence));
        Assert.Equal(new Spoken("lobby", alice.Who, "hello", Action: false, Own: true), own.Content);
        Assert.Equal(new Spoken("lobby", alice.Who, "hello", Action: false, Own: false), others.Content);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("🙂")]
    [InlineData("e\u0301\u0302")]
    [InlineData("👨‍👩‍👧‍👦")]
    public async Task A_message_is_as_long_as_the_characters_that_people_see(string character)
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.MaxMessageLength = 5);
        TestSession alice = await chat.LoginAsync("alice");
        string text = string.Concat(Enumerable.Repeat(character, 5));
        Assert.IsType<Accepted>(await alice.SubmitAsync(text));
        Assert.Equal(new Refused(Refusal.TooLong), await alice.SubmitAsync(text + character));
        Assert.Equal(text, Assert.IsType<Spoken>(Assert.Single(await alice.ContentsAsync())).Text);
    }

    // The original took such text, and could then never again write an answer that had it in it.
    [Fact]
    public async Task A_lone_surrogate_is_replaced()
    {
        // Not as a theory: a lone surrogate does not survive in an attribute.
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        foreach ((string typed, string said) in ((string, string)[])
            [("a\uD800b", "a\uFFFDb"), ("\uDC00", "\uFFFD"), ("\uD83D\uDE42\uD83D", "🙂\uFFFD"), ("\uDE42\uD83D", "\uFFFD\uFFFD")])
        {
            await alice.SubmitAsync(typed);
            Assert.Equal(said, Assert.IsType<Spoken>(Assert.Single(await alice.ContentsAsync())).Text);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(" \r\n\t\u00A0")]
    public async Task Nothing_to_say_is_no_event_and_costs_nothing(string text)
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 1);
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 5; i++)
            Assert.Null(await alice.SubmitAsync(text));
        Assert.Empty(await alice.DrainAsync());
        Assert.IsType<Accepted>(await alice.SubmitAsync("x"));
    }

    [Theory]
    [InlineData("/ help")]
    [InlineData("//")]
    [InlineData("/")]
    [InlineData(" /help")]
    [InlineData("/é")]
    public async Task What_is_no_command_is_a_message(string text)
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync(text);
        Assert.Equal(text, Assert.IsType<Spoken>(Assert.Single(await alice.ContentsAsync())).Text);
    }

    [Fact]
    public async Task A_client_may_have_its_commands_taken_as_words()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await chat.Submissions.SubmitAsync(new Submission(alice.Key, "/help") { AllowCommands = false }).WithinAsync();
        Assert.Equal("/help", Assert.IsType<Spoken>(Assert.Single(await alice.ContentsAsync())).Text);
    }

    [Fact]
    public async Task Words_may_be_for_another_room_or_for_one_person()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        Assert.Equal(new Refused(Refusal.NotInRoom), await alice.SubmitAsync("x", room: "den"));
        Assert.Equal(new Refused(Refusal.NoSuchUser), await alice.SubmitAsync("x", to: "nobody"));
        Assert.IsType<Accepted>(await alice.SubmitAsync("x", to: "BOB"));
        Assert.Equal(new Whisper(alice.Who, bob.Who, "x", Own: false), Assert.Single(await bob.ContentsAsync()));
    }

    [Fact]
    public async Task The_same_key_again_sends_nothing_and_costs_nothing()
    {
        await using TestChat chat = await TestChat.StartAsync(options => options.RateLimitCount = 2);
        TestSession alice = await chat.LoginAsync("alice");
        Outcome? first = await alice.SubmitAsync("once", key: "k");
        for (int i = 0; i < 5; i++)
            Assert.Equal(new Repeated(first!), await alice.SubmitAsync("once", key: "k"));
        Assert.Single(await alice.DrainAsync());
        Assert.IsType<Accepted>(await alice.SubmitAsync("twice", key: "l"));
    }

    [Fact]
    public async Task The_same_key_from_two_requests_at_once_is_said_once()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Outcome?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => alice.SubmitAsync("once", key: "k")))).WithinAsync();
        Outcome first = Assert.Single(outcomes, outcome => outcome is Accepted)!;
        Assert.Equal(19, outcomes.Count(outcome => outcome is Repeated repeated && repeated.First == first));
        Assert.Single(await alice.DrainAsync());
    }

    [Fact]
    public async Task A_commands_key_counts_for_the_whole_command()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Null(await alice.SubmitAsync("/help", key: "k"));
        Assert.IsType<Repeated>(await alice.SubmitAsync("/help", key: "k"));
        Assert.Single(await alice.DrainAsync());
    }

    // A client whose answer was lost sends its command again: it was told that it was in the room already, or not in it.
    [Fact]
    public async Task Coming_and_going_by_command_have_keys_too()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAdminAsync("alice");
        foreach (string command in (string[])["/join den", "/leave den", "/admin logout"])
        {
            Assert.Null(await alice.SubmitAsync(command, key: command));
            Assert.IsType<Repeated>(await alice.SubmitAsync(command, key: command));
        }

        IReadOnlyList<MailContent> mail = await alice.ContentsAsync();
        Assert.Equal([typeof(Welcome), typeof(Farewell), typeof(AdminChanged)], mail.Select(content => content.GetType()));
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.IsType<Accepted>(await alice.SubmitAsync("x", key: new string('k', 64)));
        Assert.Equal(new Refused(Refusal.BadKey), await alice.SubmitAsync("x", key: new string('k', 65)));
    }

    [Fact]
    public async Task Who_is_not_logged_in_says_nothing()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        Assert.Equal(new Refused(Refusal.BadSession), await chat.Submissions.SubmitAsync(new Submission(SessionKey.Of("guess"), "x")).WithinAsync());
        Assert.Equal(new Refused(Refusal.BadSession), await chat.Submissions.SubmitAsync(new Submission(default, "x")).WithinAsync());
        await chat.Room.LeaveAsync(alice.Key).WithinAsync();
        Assert.Equal(new Refused(Refusal.BadSession), await alice.SubmitAsync("x"));
    }
}
