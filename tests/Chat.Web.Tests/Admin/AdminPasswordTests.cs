using System.Buffers.Binary;
using ErlChat.Web.Admin;
using ErlChat.Web.Passwords;

namespace ErlChat.Web.Tests.Admin;

/// <summary>
/// The administrators' password: not configured, configured in plain text or as a hash, and what happens after too many tries.
/// </summary>
public class AdminPasswordTests
{
    private const string Hello = "You are now authenticated as an administrator. Type /admin help for commands.";
    private const string Wrong = "Invalid administrator password.";
    private const string TooMany = "Too many passwords were tried. Please wait ";

    [Fact]
    public async Task Without_a_password_administration_is_off()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal("Administration is switched off on this server.", await alice.AskAsync("/auth x"));
        Assert.Equal("Administration is switched off on this server.", await alice.AskAsync("/auth"));
    }

    [Fact]
    public async Task The_password_may_be_configured_as_a_hash()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            $"Chat:AdminPasswordHash={PasswordHash.Create("s3cret\"wörd", iterations: 1000)}");
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal(Wrong, await alice.AskAsync("/auth s3cret"));
        Assert.Equal(Hello, await alice.AskAsync("/auth s3cret\"wörd"));
    }

    /// <summary>
    /// Previously, five wrong passwords blocked the whole address for a minute. Someone guessing could lock the administrators out.
    /// </summary>
    [Fact]
    public async Task After_five_tries_a_session_waits_but_other_sessions_of_its_address_do_not()
    {
        await using ChatServerHost server =
            await ChatServerHost.StartStillAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
        CometClient alice = await server.LoginAsync("alice");
        for (int i = 0; i < 5; i++)
            Assert.Equal(Wrong, await alice.AskAsync("/auth wrong"));
        Assert.Equal(TooMany + "12 seconds and try again.", await alice.AskAsync("/auth demopass"));
        CometAnswer refused = await alice.PostAsync("/chat/auth/", ("password", "demopass"));
        Assert.Equal("""{"status":"error","response":"rate_limited","retry_after":12}""", refused.Body);

        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal(Hello, await bob.AskAsync("/auth demopass"));

        server.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TooMany + "1 seconds and try again.", await alice.AskAsync("/auth demopass"));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Hello, await alice.AskAsync("/auth demopass"));
    }

    [Fact]
    public async Task Failures_older_than_a_minute_do_not_count()
    {
        await using ChatServerHost server =
            await ChatServerHost.StartStillAsync([.. ChatServerHost.NoLimits, ChatServerHost.AdminPassword]);
        CometClient alice = await server.LoginAsync("alice");
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 4; i++)
                Assert.Equal(Wrong, await alice.AskAsync("/auth wrong"));
            server.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(Hello, await alice.AskAsync("/auth demopass"));
    }

    [Fact]
    public async Task A_separate_form_accepts_the_password()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal(
            """{"status":"error","response":"wrong_password"}""", (await alice.PostAsync("/chat/auth/", ("password", "wrong"))).Body);
        Assert.Equal("""{"status":"error","response":"wrong_password"}""", (await alice.PostAsync("/chat/auth")).Body);
        Assert.Equal(
            """{"status":"error","response":"wrong_password"}""",
            (await alice.PostAsync("/chat/auth", ("password", new string('x', 60_000)))).Body);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await alice.GetAsync("/chat/auth/?password=demopass")).Status);
        CometAnswer right = await alice.PostAsync("/chat/auth/", ("password", "demopass"));
        Assert.True(right.IsOk, right.Body);
        IReadOnlyList<CometItemView> told = await alice.ReadAsync();
        Assert.Equal([$"system_msg {Hello}", "admin_logged_in alice"], told.Select(item => item.ToString()));
        Assert.Equal(told[^1].Id, right.Json.GetProperty("id").GetInt64());
        Assert.Equal("bad_session", (await server.Stranger().PostAsync("/chat/auth/", ("password", "demopass"))).Response.GetString());
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await alice.PostRawAsync(
                "/chat/auth/", "password=demopass"u8.ToArray(), headers: ("Origin", "http://elsewhere.example"))).Status);
    }

    [Fact]
    public async Task Without_a_password_the_form_is_refused_as_not_allowed()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.Equal("""{"status":"error","response":"not_allowed"}""", (await alice.PostAsync("/chat/auth/", ("password", "x"))).Body);
    }

    [Fact]
    public void A_hash_reads_back_and_matches_only_its_password()
    {
        PasswordHash hash = PasswordHash.Create("demopass", iterations: 10);
        PasswordHash read = PasswordHash.Parse(hash.ToString())!;
        Assert.True(read.Matches("demopass"));
        Assert.False(read.Matches("demopasS"));
        Assert.False(read.Matches(""));
        Assert.NotEqual(hash.ToString(), PasswordHash.Create("demopass", iterations: 10).ToString());
        Assert.Equal(
            PasswordHash.DefaultIterations,
            BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(PasswordHash.Create("x").ToString()).AsSpan(5)));
        Assert.False(
            PasswordHash.Parse(PasswordHash.Create(new string('x', 2000), iterations: 10).ToString())!.Matches(new string('x', 2000)));
    }

    /// <summary>Hashes as version 0.1 printed them, and as older versions of the framework's hasher did.</summary>
    [Theory]
    [InlineData("pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw==$On6Ov4xOu5KTvEKLX662Rr1deqMLUOv/3McRn44iDgY=")]
    [InlineData("AAABAgMEBQYHCAkKCwwNDg+FGF1Tnrak8rWvHnylCeo13T537fgXTd0tgPtIG5bGzQ==")]
    public void A_hash_of_an_earlier_version_still_matches(string text)
    {
        PasswordHash read = PasswordHash.Parse(text)!;
        Assert.True(read.Matches("demopass"));
        Assert.False(read.Matches("Demopass"));
        Assert.Equal(text, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("demopass")]
    [InlineData("pbkdf2-sha256$1000$AAAA")]
    [InlineData("pbkdf2-sha1$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$0$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$-1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$99999999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$not base64$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    [InlineData("pbkdf2-sha256$1000$$")]
    [InlineData("AQAAAAIAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AQAAAAIAA0gQ")]
    [InlineData("BQAAAAIAAABkAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void Anything_else_is_not_a_hash(string text) => Assert.Null(PasswordHash.Parse(text));

    [Fact]
    public void The_tool_prints_the_line_to_configure()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(
            0, AdminPasswordTool.Run(new StringReader("long enough".Replace(" ", "-", StringComparison.Ordinal) + "\n"), output, error));
        string line = output.ToString().Trim();
        Assert.StartsWith("Chat__AdminPasswordHash='AQAAAAI", line, StringComparison.Ordinal);
        Assert.True(PasswordHash.Parse(line[(line.IndexOf('\'', StringComparison.Ordinal) + 1)..^1])!.Matches("long-enough"));
        foreach (string bad in new[] { "", "short\n", "with a blank\n" })
            Assert.Equal(2, AdminPasswordTool.Run(new StringReader(bad), output, error));
    }

    [Fact]
    public void At_a_terminal_the_tool_asks_twice_and_says_where_the_setting_belongs()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Func<ConsoleKeyInfo> keys = Keys("loong\b\b\bng-enough\rlong-enouhg\b\bgh\r");
        Assert.Equal(0, AdminPasswordTool.Run(TextReader.Null, output, error, keys));
        string line = output.ToString().Trim();
        string hash = line[(line.IndexOf('\'', StringComparison.Ordinal) + 1)..^1];
        Assert.True(PasswordHash.Parse(hash)!.Matches("long-enough"));
        Assert.Contains("/etc/erlchat/environment", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\"Chat\": {{ \"AdminPasswordHash\": \"{hash}\" }}", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("enough", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("long-enough\rlong-enaugh\r", "The two passwords differ.")]
    [InlineData("short\r", "at least 8 characters and no blanks")]
    [InlineData("long-enough\u0004", "at least 8 characters and no blanks")]
    public void At_a_terminal_the_tool_refuses(string typed, string reason)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, AdminPasswordTool.Run(TextReader.Null, output, error, Keys(typed)));
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private static Func<ConsoleKeyInfo> Keys(string typed)
    {
        var keys = new Queue<char>(typed);
        return () => keys.Dequeue() switch
        {
            '\r' => new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false),
            '\b' => new ConsoleKeyInfo('\b', ConsoleKey.Backspace, shift: false, alt: false, control: false),
            '\u0004' => new ConsoleKeyInfo('\u0004', ConsoleKey.D, shift: false, alt: false, control: true),
            char c => new ConsoleKeyInfo(c, default, shift: false, alt: false, control: false),
        };
    }
}
