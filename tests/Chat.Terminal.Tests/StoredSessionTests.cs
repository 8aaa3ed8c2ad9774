using System.Text.RegularExpressions;
using ErlChat.Client;
using ErlChat.Client.Tests;
using ErlChat.Terminal.Storing;

namespace ErlChat.Terminal.Tests;

/// <summary>The terminal comes back as the same user, however it ended, and shows what came in between.</summary>
public sealed partial class StoredSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-terminal-").FullName;

    private string Session => Path.Combine(_folder, "session");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_terminal_that_was_killed_comes_back_as_the_same_user_also_after_a_restart_of_the_server()
    {
        await using RunningServer server = await RunningServer.StartAsync("Log:Kind=Sqlite", $"Log:Path={_folder}/chat.db");
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        string id;
        await using (Tmux johanna = await Tmux.StartAsync(server.Address, "johanna"))
        {
            await johanna.EnterAsync("/join tea");
            await johanna.SeePromptAsync("johanna@tea>");
            await web.SayAsync("seen", to: "johanna");
            await johanna.SeeAsync("[pm from web] seen");
            id = server.Room.FindNick("johanna")!.Who.UserId;
            await johanna.KillAsync();
        }

        foreach (string text in new[] { "one", "two", "three" })
            await web.SayAsync(text, to: "johanna");
        await web.SayAsync("to everybody");
        await server.StopAsync();
        await server.StartAgainAsync();

        await using (Tmux johanna = await Tmux.StartAsync(server.Address, "johanna"))
        {
            await johanna.SeeAsync("* Back in the chatroom *");
            await johanna.SeeAsync("web: to everybody");
            await johanna.SeeAsync("* Users in tea: johanna *");
            string[] screen = await johanna.ScreenAsync();
            int at = Array.IndexOf(screen, "* 3 messages while you were away: *");
            Assert.All(screen[(at + 1)..(at + 4)], line => Assert.Matches(MissedLine(), line));
            Assert.Equal(["one", "two", "three"], screen[(at + 1)..(at + 4)].Select(line => line.Split(' ')[^1]));
            Assert.Single(screen, line => line.EndsWith("[pm from web] two", StringComparison.Ordinal));
            Assert.DoesNotContain(screen, line => line.EndsWith("[pm from web] seen", StringComparison.Ordinal));
            Assert.Equal(id, server.Room.FindNick("johanna")!.Who.UserId);
        }

        // The terminal was closed, which is no logout either. The program notices it a moment later.
        string stored = Assert.Single(Directory.GetFiles(Path.Combine(Programs.State, "erlchat"), "johanna-*.session"));
        await Eventually.BeTrueAsync(() => !IsInUse(stored), TimeSpan.FromSeconds(20));
        await web.SayAsync("four", to: "johanna");
        await using (Tmux johanna = await Tmux.StartAsync(server.Address, "johanna"))
        {
            await johanna.SeeAsync("* 1 message while you were away: *");
            await johanna.EnterAsync("/quit");
            await johanna.SeeAsync("ended with 0");
            Assert.Null(server.Room.FindNick("johanna"));
        }

        await using Tmux anew = await Tmux.StartAsync(server.Address, "johanna", "--no-session");
        await anew.SeeAsync("* Joined the chatroom *");
        Assert.NotEqual(id, server.Room.FindNick("johanna")!.Who.UserId);
    }

    [Fact]
    public async Task Detach_ends_the_program_and_not_the_session()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using (Tmux john = await Tmux.StartAsync(server.Address, "john", $"--session {Session}"))
        {
            await john.EnterAsync("/detach");
            await john.SeeAsync("ended with 0");
        }

        Assert.NotNull(server.Room.FindNick("john"));
        await using (Tmux john = await Tmux.StartAsync(server.Address, "john", $"--session {Session}"))
            await john.SeeAsync("* Back in the chatroom *");
        await using Tmux mary = await Tmux.StartAsync(server.Address, "mary", "--no-session");
        await mary.EnterAsync("/detach");
        await mary.SeeAsync("! The session is not stored, so the program cannot come back to it.");
    }

    [Fact]
    public async Task A_script_with_a_session_stays_logged_in_until_it_quits()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        Ran first = await RunAsync(server, "one\n");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("* Joined the chatroom *", first.Lines);
        await web.SayAsync("psst", to: "bot");
        Ran second = await RunAsync(server, "two\n", "--json");
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        string missed = """{"event":"missed","count":1,"messages":[{"event":"whispered","from":"web","to":"bot","text":"psst",""";
        Assert.Contains(second.Lines, line => line.StartsWith(missed, StringComparison.Ordinal));
        Ran third = await RunAsync(server, "/quit\n");
        Assert.Contains("* Back in the chatroom *", third.Lines);
        Assert.Equal(1, server.Room.SessionCount);
        Assert.Equal(0, new FileInfo(Session).Length);

        // Without the option nothing is stored, as always.
        Ran plain = await Programs.RunTerminalAsync("hi\n", "chat", "--server", server.Address.ToString(), "--nick", "bot");
        Assert.Equal("bot: hi", plain.Lines[^1]);
        Assert.Equal(1, server.Room.SessionCount);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_replaced_by_a_login()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await RunAsync(server, "one\n");
        await server.Room.LeaveAsync(server.Room.FindNick("bot")!.Key).WithinAsync();
        Ran ran = await RunAsync(server, "two\n");
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains(ran.Lines, line => line.StartsWith("The stored session is over (", StringComparison.Ordinal));
        Assert.Equal("bot: two", ran.Lines[^1]);
    }

    [Fact]
    public async Task A_kick_during_an_absence_is_explained()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:AdminPassword=demopass", "Chat:PollTimeout=00:00:00.2", "Chat:PollJitter=00:00:00", "Chat:IdleLimit=00:00:01",
            "Chat:CheckIdle=00:00:00.1");
        await using ChatClient root = await ChatClient.LoginAsync(server.Address, "root1");
        await root.AuthenticateAsync("demopass").WithinAsync();
        await RunAsync(server, "one\n");
        await Eventually.BeTrueAsync(() => server.Room.OfflineCount == 1);
        await root.SayAsync("/admin kick bot noise").WithinAsync();
        Ran ran = await RunAsync(server, "two\n");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        int told = Array.IndexOf(ran.Lines, "! You have been kicked from the chat room. Reason: noise");
        Assert.StartsWith("The stored session is over (kicked)", ran.Lines[told + 1], StringComparison.Ordinal);
        Assert.Equal("bot: two", ran.Lines[^1]);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_refused_with_the_reason()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await RunAsync(server, "one\n");
        Chmod(Session, "644");
        Ran open = await RunAsync(server, "two\n");
        Assert.Equal((2, ""), (open.ExitCode, open.Output));
        Assert.Contains($"(mode 644). Change that: chmod 600 {Session}", open.Error, StringComparison.Ordinal);
        Chmod(Session, "600");

        Ran other = await Programs.RunTerminalAsync(
            "", "chat", "--server", server.Address.ToString(), "--nick", "eve", "--session", Session);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("has the session of bot at", other.Error, StringComparison.Ordinal);
        Ran elsewhere = await Programs.RunTerminalAsync(
            "", "chat", "--server", "http://other.example", "--nick", "bot", "--session", Session);
        Assert.Equal(2, elsewhere.ExitCode);
        string notes = Path.Combine(_folder, "notes");
        await File.WriteAllTextAsync(notes, "do not lose this");
        Chmod(notes, "600");
        Ran wrong = await Programs.RunTerminalAsync("", "chat", "--server", server.Address.ToString(), "--nick", "bot", "--session", notes);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Equal("do not lose this", await File.ReadAllTextAsync(notes));
        Ran empty = await Programs.RunTerminalAsync("", "chat", "--nick", "bot", "--session", "");
        Assert.Equal((2, ""), (empty.ExitCode, empty.Output));
        Ran both = await Programs.RunTerminalAsync("", "chat", "--nick", "bot", "--session", Session, "--no-session");
        Assert.Equal(2, both.ExitCode);
    }

    internal static void Chmod(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }

    [Theory]
    [InlineData("Straße", "strasse")]
    [InlineData("Zoë", "ZOE\u0308")]
    [InlineData("Анна", "АННА")]
    public async Task A_session_is_that_of_a_nick_in_every_spelling(string nick, string spelled)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string[] ends = ["--server", server.Address.ToString(), "--session", Session];
        Ran first = await Programs.RunTerminalAsync("one\n", ["chat", "--nick", nick, .. ends]);
        Assert.Equal((0, $"{nick}: one"), (first.ExitCode, first.Lines[^1]));
        Ran second = await Programs.RunTerminalAsync("two\n", ["chat", "--nick", spelled, .. ends]);
        Assert.Equal((0, $"{nick}: two"), (second.ExitCode, second.Lines[^1]));
        Assert.Contains("* Back in the chatroom *", second.Lines);

        // A wrong nick does not end the session.
        using Browser other = await Browser.LoginAsync(server.Address, "anna");
        foreach (string wrong in new[] { "anna", "nobody" })
        {
            Ran refused = await Programs.RunTerminalAsync("no\n", ["chat", "--nick", wrong, .. ends]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains($"has the session of {nick} at", refused.Error, StringComparison.Ordinal);
        }

        Ran third = await Programs.RunTerminalAsync("three\n", ["chat", "--nick", nick, .. ends]);
        Assert.Contains("* Back in the chatroom *", third.Lines);
    }

    [Fact]
    public async Task A_member_comes_back_with_the_default_file_in_another_spelling_than_that_of_the_server()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient member = await ChatClient.LoginAsync(server.Address, "Straße");
        await member.RegisterAsync("a horse in the rain").WithinAsync();
        string password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, "a horse in the rain\n");
        Chmod(password, "600");
        await using (Tmux strasse = await Tmux.StartAsync(server.Address, "strasse", $"--password-file {password}"))
        {
            await strasse.EnterAsync("/detach");
            await strasse.SeeAsync("ended with 0");
        }

        await using Tmux again = await Tmux.StartAsync(server.Address, "strasse");
        await again.SeeAsync("* Back in the chatroom *");
    }

    [Theory]
    [InlineData("john", "john-")]
    [InlineData("Straße", "strae-")]
    [InlineData("Анна", "nick-")]
    [InlineData("../../etc/passwd and much more than that", "etcpasswdandmuch-")]
    public void The_name_of_the_default_file_is_short_and_plain(string nick, string begin)
    {
        string name = StateFolder.NameOf([new Uri("http://one.example")], nick);
        Assert.StartsWith(begin, name, StringComparison.Ordinal);
        Assert.InRange(name.Length, 1, 48);
        Assert.All(name, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));
        Assert.NotEqual(name, StateFolder.NameOf([new Uri("http://one.example")], nick + "2"));
    }

    [Fact]
    public void A_file_is_that_of_a_chat_with_its_servers_in_any_order()
    {
        Uri[] servers = [new("http://one.example"), new("http://two.example")];
        using (var file = SessionFile.Open(Session))
            file.Save(new StoredSession { Servers = servers, Nick = "john", Token = "secret", Cursor = 1 });
        using (SessionStore store = SessionStore.Open(Session, [servers[1], servers[0]], _ => { }))
            Assert.Equal("john", store.Stored!.Nick);
        Assert.Throws<FormatException>(() => SessionStore.Open(Session, [servers[0]], _ => { }));
    }

    [Fact]
    public void A_session_that_was_left_while_it_was_being_stored_is_not_stored()
    {
        Uri[] servers = [new("http://one.example")];
        var session = new StoredSession { Servers = servers, Nick = "john", Token = "secret", Cursor = 1 };
        using SessionStore store = SessionStore.Open(Session, servers, _ => { });
        store.Save(session, () => true);
        Assert.Equal(session, store.Stored);
        store.Forget();
        store.Save(session, () => false);
        Assert.Null(store.Stored);
        Assert.Equal(0, new FileInfo(Session).Length);
    }

    private static bool IsInUse(string path)
    {
        try
        {
            using var file = SessionFile.Open(path);
            return false;
        }
        catch (PrivateFileException e) when (e.IsInUse)
        {
            return true;
        }
    }

    private Task<Ran> RunAsync(RunningServer server, string input, params string[] more) => Programs.RunTerminalAsync(
        input, ["chat", "--server", server.Address.ToString(), "--nick", "bot", "--session", Session, .. more]);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \[pm from web\] \w+$")]
    private static partial Regex MissedLine();
}
