using System.Collections.Concurrent;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Submissions;
using ErlChat.Texts;

namespace ErlChat.Tests;

/// <summary>The administrators' password in every spelling of the command that a person could mean: never said, by nobody's way.</summary>
public class AuthTextTests
{
    /// <summary>Tried on a running server: a blank before it, and the lobby could read it.</summary>
    public static TheoryData<string> Spellings =>
    [
        "/auth s3cret", " /auth s3cret", "\t/auth\ts3cret", "\n\n/auth s3cret", "\u00A0/auth s3cret", "\u3000/auth s3cret", "\u2003 /AUTH s3cret", "/Auth\u00A0s3cret",
        "\u200B/auth s3cret", "/\u200Bauth s3cret", "/a\u200Du\u2060t\uFEFFh s3cret", "\u202E/auth s3cret", "/auth\u200Bs3cret", "\u3164/auth s3cret", "\u2800/auth s3cret",
        "/\u0301auth s3cret", "/a\u0332u\u0332t\u0332h\u0332 s3cret", "\uE000/auth s3cret", "\U000E0020/auth s3cret", "\uFE0F/auth s3cret", "\0/auth s3cret",
        "//auth s3cret", "///auth s3cret", "/ auth s3cret", "/ / auth s3cret", "\\auth s3cret", "\\/auth s3cret", "\uFF0Fauth s3cret", "\u2044auth s3cret", "\u2215auth s3cret",
        "/\uFF41\uFF55\uFF54\uFF48 s3cret", "\uFF0F\uFF21uth s3cret", "/auths3cret", "/auth:s3cret", "/auth\"s3cret\"", "/auth", " /auth", "/auth/s3cret",
        "hello\n/auth s3cret", "hello\r\n  /auth s3cret", "hello\u2028/auth s3cret", "hello\v/auth s3cret", "hello\u0085/auth", "hello\n/auth:s3cret", "\uD800/auth s3cret",
    ];

    public static TheoryData<string> Words =>
    [
        "", " ", "/", "//", "auth", "auth s3cret", "/help", " /help", "/aut h", "/au", "see /auth/login", "`/auth x`", "\"/auth x\"", "(/auth password)", "> /auth x", "#/auth",
        "https://example.org/auth x", "/ə auth", "/äuth x", "GET\n/auth/login\n/auth/logout\n/authors", "either\n/or", "1/auth", "-/auth", "/me authors", "\uD83D\uDE00 /auth", "½/auth",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void It_is_recognised(string text) => Assert.True(AuthText.LooksLikeAuth(text));

    [Theory]
    [MemberData(nameof(Words))]
    public void Other_words_are_not_taken_for_it(string text) => Assert.False(AuthText.LooksLikeAuth(text));

    /// <summary>
    /// Whatever way it takes – to a room, to a person, as an action, a topic – it comes to no one, into no history, and into no entry of
    /// the log.
    /// </summary>
    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task It_comes_to_nobody_and_into_no_entry(string text)
    {
        var log = new RecordingLog();
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob");
        await alice.DrainAsync();
        foreach ((string typed, string? to) in new[]
        {
            (text, null), (text, "bob"), ("/me " + text, null), ("/topic " + text, null), ("/pm bob " + text, null), ("/pm " + text, null), ("/msg " + text + " bob", null),
        })
        {
            // Some spellings hold what no text may.
            Assert.True(await alice.SubmitAsync(typed, to: to) is null or Refused { Why: Refusal.BadText });
        }

        // Doors that know no commands have no way to say it either.
        var raw = new Submission(alice.Key, text) { AllowCommands = false, AllowBlank = true, TellRateLimit = false };
        Assert.Contains(Assert.IsType<Refused>(await chat.Submissions.SubmitAsync(raw)).Why, (Refusal[])[Refusal.Secret, Refusal.BadText]);

        Assert.Empty(await bob.ContentsAsync());
        IReadOnlyList<MailContent> told = await alice.ContentsAsync();
        Assert.All(told, content => Assert.IsType<Notice>(content));
        Assert.DoesNotContain(told, content => content.ToString()!.Contains("s3cret", StringComparison.OrdinalIgnoreCase));
        Assert.Empty((await chat.Room.HistoryAsync(alice.Key, "lobby", long.MaxValue, 50, CancellationToken.None))!);
        Assert.Empty((await chat.Room.PrivateHistoryAsync(alice.Key, "bob", long.MaxValue, 50, CancellationToken.None))!);
        Assert.Equal("", chat.Room.FindRoom("lobby")!.Topic);
        Assert.NotEmpty(log.Entries);
        Assert.DoesNotContain(log.Entries, entry => entry.ToString().Contains("s3cret", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Who_spelled_it_wrong_is_told_that_it_was_not_sent_and_how_to_log_in()
    {
        await using TestChat chat = await new TestChatBuilder().WithoutLimits().StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        string[] expected = ["That was not sent: it looks like the administrators' password. To log in, type /auth and the password, with nothing before the slash."];
        foreach (string typed in new[] { " /auth demopass", "/\u200Bauth demopass", "/me /auth demopass", "/pm bob /auth demopass", "/topic /auth demopass" })
            Assert.Equal(expected, await alice.AskAsync(typed));
        Assert.False(chat.Room.Find(alice.Key)!.IsAdmin);

        // A client that did not get the answer asks again with the same key, and is not told twice.
        Assert.Null(await alice.SubmitAsync(" /auth demopass", key: "k"));
        Assert.IsType<Repeated>(await alice.SubmitAsync(" /auth demopass", key: "k"));
        Assert.Single(await alice.ContentsAsync());
    }

    /// <summary>What an older version let through stands in its log, and is folded as it was.</summary>
    [Fact]
    public async Task An_entry_that_is_in_the_log_already_is_read()
    {
        var log = new RecordingLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log).StartAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await log.AppendAsync(new Said(alice.Key, "lobby", " /auth old", Action: false) { Id = new CommandId("older", 1), At = chat.Time.GetUtcNow() }, CancellationToken.None);
        await Eventually.BeTrueAsync(() => chat.Office.Head >= alice.Cursor, what: "the entry is folded");
        Assert.Contains(await alice.ContentsAsync(), content => content is Spoken { Text: " /auth old" });
    }

    /// <summary>A log in memory that remembers what it was given.</summary>
    private sealed class RecordingLog : IChatLog
    {
        private readonly MemoryLog _inner = new();

        internal ConcurrentQueue<Entry> Entries { get; } = new();

        public string Epoch => _inner.Epoch;

        public bool IsAvailable => ((IChatLog)_inner).IsAvailable;

        public ValueTask AppendAsync(Entry entry, CancellationToken cancellationToken)
        {
            Entries.Enqueue(entry);
            return _inner.AppendAsync(entry, cancellationToken);
        }

        public IAsyncEnumerable<LogEntry> ReadAsync(long after, CancellationToken cancellationToken) => _inner.ReadAsync(after, cancellationToken);
    }
}
