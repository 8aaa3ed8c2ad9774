using ErlChat.Client;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

/// <summary>Members at the terminal: a password is neither shown nor on a command line, and one user is in two terminals.</summary>
public sealed class MemberTests : IDisposable
{
    private const string Password = "a horse in the rain", Next = "a cow in the snow";

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-member-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_nick_is_kept_at_the_terminal_and_its_user_is_in_two_terminals_at_once()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:PasswordTriesPerGuesser=50");
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await john.EnterAsync("/register");
        await john.SeePromptAsync("john> new password:");
        await john.EnterAsync(Password);
        await john.SeePromptAsync("john> repeat it:");
        await john.EnterAsync("another one");
        await john.SeeAsync("! The two passwords differ; nothing was changed.");
        await RegisterAsync(john);
        await web.SayAsync("psst", to: "john");
        await john.SeeAsync("[pm from web] psst");
        Assert.DoesNotContain(await john.ScreenAsync(), line => line.Contains("horse", StringComparison.Ordinal));

        await using Tmux phone = await Tmux.BeginAsync(server.Address, "john", "--ask-password");
        await phone.SeePromptAsync("password:");
        await phone.EnterAsync(Password);
        await phone.SeeAsync("* 1 message while you were away: *");
        await phone.EnterAsync("from the second");
        await john.SeeAsync("john: from the second");
        await john.EnterAsync("from the first");
        await phone.SeeAsync("john: from the first");
        Assert.DoesNotContain(await phone.ScreenAsync(), line => line.Contains("horse", StringComparison.Ordinal));
        Assert.DoesNotContain(await phone.ScreenAsync(), line => line.Contains("has joined", StringComparison.Ordinal));

        // Whoever typed has read the message, so a third terminal need not show it.
        string id = server.Room.FindNick("web")!.Who.UserId;
        await Eventually.BeTrueAsync(() => server.Room.MarksOf(server.Room.FindNick("john")!.Key).Any(mark => mark.With == id));
        string[] third = await SayAsync(server, "/devices\n", "john", Password);
        Assert.DoesNotContain("* 1 message while you were away: *", third);
        Assert.Equal(3, third.Count(line => line.Contains("  since 2", StringComparison.Ordinal)));

        // The second terminal is logged out from the first.
        await john.EnterAsync("/devices end others");
        await john.SeeAsync("* Your other devices are logged out *");
        await phone.SeeAsync("! The session is over: left.");
        await phone.SeePromptAsync("john (away)>");
    }

    // Whoever types at the moment of the question must not see the password. Output that is stopped with Ctrl+S holds the program exactly
    // there: when it switches the echo off, it also ends the stop, so the question appears only if that comes before it. (A terminal
    // without control sequences, or they would be what is held.)
    [Fact]
    public async Task The_echo_is_off_before_a_password_is_asked_for()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using Tmux john = await Tmux.BeginAsync(
            server.Address, "john", "--ask-password", before: "stty ixon; echo ready; read -r _; TERM=dumb");
        await john.SeeAsync("ready");
        await john.PressAsync("C-s", "Enter");
        await john.SeePromptAsync("password:");
        await john.EnterAsync(Password);
        await john.SeeAsync("! Could not join chatroom, reason: wrong_password");
        Assert.DoesNotContain(await john.ScreenAsync(), line => line.Contains("horse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_is_changed_and_a_device_that_was_logged_out_needs_it()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:PasswordTriesPerGuesser=50");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await RegisterAsync(john);
        string session = Path.Combine(_folder, "session");
        string password = await FileAsync("password", Password);
        string[] script = ["chat", "--server", server.Address.ToString(), "--nick", "john", "--session", session];
        Ran first = await Programs.RunTerminalAsync("hi\n", [.. script, "--password-file", password]);
        Assert.Equal((0, "john: hi"), (first.ExitCode, first.Lines[^1]));
        Ran back = await Programs.RunTerminalAsync("again\n", script);
        Assert.Contains("* Back in the chatroom *", back.Lines);

        await john.EnterAsync("/password");
        await john.SeePromptAsync("john> current password:");
        await john.EnterAsync("not the password");
        await john.EnterAsync(Next);
        await john.EnterAsync(Next);
        await john.SeeAsync("! That is not your password; nothing was changed.");
        foreach (string answer in new[] { "/password", Password, Next, Next })
            await john.EnterAsync(answer);
        await john.SeeAsync("The password is changed, and your other devices are logged out. A password file has the old one still.");

        Ran ended = await Programs.RunTerminalAsync("hi\n", script);
        Assert.Equal((4, "! Could not join chatroom, reason: nick_in_use"), (ended.ExitCode, ended.Lines[^1]));
        Assert.Contains(ended.Lines, line => line.StartsWith("The stored session is over (", StringComparison.Ordinal));
        Ran wrong = await Programs.RunTerminalAsync("hi\n", [.. script, "--password-file", password]);
        Assert.Equal((4, "! Could not join chatroom, reason: wrong_password"), (wrong.ExitCode, wrong.Lines[^1]));
        Ran right = await Programs.RunTerminalAsync("hi\n", [.. script, "--password-file", await FileAsync("next", Next)]);
        Assert.Equal((0, "john: hi"), (right.ExitCode, right.Lines[^1]));
    }

    [Fact]
    public async Task A_script_keeps_its_nick_with_a_file_and_is_told_what_it_lacks()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:PasswordTriesPerGuesser=50");
        string[] script = ["chat", "--server", server.Address.ToString(), "--nick", "bot"];
        Ran without = await Programs.RunTerminalAsync("/register\n/register not in a line\n/password\n", script);
        Assert.Equal(1, without.ExitCode);
        Assert.Equal(
            [
                "! /register asks for the new password at a terminal only. In a script, it needs --new-password-file.",
                "! Usage: /register [invitation]; it asks for the password. Nothing was sent.",
                "! /password asks for the new password at a terminal only. In a script, it needs --new-password-file.",
            ],
            without.Lines[^3..]);

        string password = await FileAsync("password", Password);
        string next = await FileAsync("next", Next);
        Ran registered = await Programs.RunTerminalAsync("/register\n", [.. script, "--new-password-file", password]);
        Assert.Equal((0, ""), (registered.ExitCode, registered.Error));
        Ran changed = await Programs.RunTerminalAsync(
            "/password\nhi\n", [.. script, "--password-file", password, "--new-password-file", next]);
        Assert.Equal((0, "bot: hi"), (changed.ExitCode, changed.Lines[^1]));
        Assert.Contains("bot: hi", await SayAsync(server, "/devices end 0123\nhi\n", "bot", Next, exitCode: 1));

        StoredSessionTests.Chmod(next, "640");
        Ran open = await Programs.RunTerminalAsync("hi\n", [.. script, "--password-file", next]);
        Assert.Equal((2, ""), (open.ExitCode, open.Output));
        Assert.Contains("(mode 640)", open.Error, StringComparison.Ordinal);
        Ran missing = await Programs.RunTerminalAsync("hi\n", [.. script, "--password-file", next + "2"]);
        Assert.Equal((2, ""), (missing.ExitCode, missing.Output));
        Assert.Equal(2, (await Programs.RunTerminalAsync("hi\n", [.. script, "--ask-password"])).ExitCode);
    }

    [Fact]
    public async Task An_invitation_makes_a_member_at_the_terminal_and_in_a_script()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:Registration=Invite", "Chat:PasswordTriesPerGuesser=50");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        foreach (string answer in new[] { "/register", Password, Password })
            await john.EnterAsync(answer);
        await john.SeeAsync("! Only those can become members who have an invitation: /register LINK");
        await john.EnterAsync("/register not-an-invitation");
        await john.SeePromptAsync("john> new password:");
        foreach (string answer in new[] { Password, Password })
            await john.EnterAsync(answer);
        await john.SeeAsync("! The link is not valid. It may have been used or revoked, or be too old. Ask for another.");
        await RegisterAsync(john, $" {server.Address}invitation/?token={await server.InviteAsync()}");

        Ran bot = await Programs.RunTerminalAsync(
            $"/register {await server.InviteAsync()}\nhi\n",
            "chat", "--server", server.Address.ToString(), "--nick", "bot", "--new-password-file", await FileAsync("password", Password));
        Assert.Equal((0, "bot: hi"), (bot.ExitCode, bot.Lines[^1]));
    }

    [Fact]
    public async Task A_link_leads_into_a_private_room()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await ChatClient.LoginAsync(server.Address, "alice");
        await alice.JoinPrivateAsync("vault").WithinAsync();
        string secret = (await alice.MakeRoomLinkAsync("vault").WithinAsync()).Secret;
        string[] script = ["chat", "--server", server.Address.ToString(), "--nick", "bot"];
        Ran entered = await Programs.RunTerminalAsync($"/join {server.Address}chat/#join={secret}\nhi\n", script);
        Assert.Equal((0, "[vault] bot: hi"), (entered.ExitCode, entered.Lines[^1]));
        Ran refused = await Programs.RunTerminalAsync("/join #join=nothing\n", script);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("! The link is not valid. It may have been used or revoked, or be too old. Ask for another.", refused.Lines);
    }

    [Fact]
    public async Task A_member_reads_the_history_of_a_private_room()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string password = await FileAsync("password", Password);
        string url = server.Address.ToString();
        Ran made = await Programs.RunTerminalAsync(
            "/register\n/join vault private\nthe treasure\n", "chat", "--server", url, "--nick", "bot", "--new-password-file", password);
        Assert.Equal((0, "[vault] bot: the treasure"), (made.ExitCode, made.Lines[^1]));
        Ran history = await Programs.RunTerminalAsync(
            "", "history", "--server", url, "--nick", "bot", "--room", "vault", "--password-file", password);
        Assert.EndsWith("[vault] bot: the treasure", history.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(4, (await Programs.RunTerminalAsync("", "history", "--server", url, "--nick", "bot", "--room", "vault")).ExitCode);
    }

    [Fact]
    public async Task The_commands_of_rooms_are_completed_listed_by_help_and_carried_out()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await john.EnterAsync("/join vault private");
        await john.SeePromptAsync("john@vault>");
        await john.EnterAsync("/help");
        await john.SeeAsync("  /invite nick (invite a user to the room)");
        await john.TypeAsync("/inv");
        await john.PressAsync("Tab");
        await john.SeePromptAsync("john@vault> /invite");
        await john.EnterAsync("web");
        await john.SeeAsync("*** web is invited to vault.");
        await web.SayAsync("/join vault");
        await john.SeeAsync("[vault] * web has joined *");
        await john.EnterAsync("/kick web too loud");
        await john.SeeAsync("*** web has been removed from vault.");
    }

    private static async Task RegisterAsync(Tmux john, string invitation = "")
    {
        foreach (string answer in new[] { "/register" + invitation, Password, Password })
            await john.EnterAsync(answer);
        await john.SeeAsync("The nick is yours now. Log in with --ask-password or --password-file, on any number of devices.");
    }

    /// <summary>Runs a script as a member. Returns its output.</summary>
    private async Task<string[]> SayAsync(RunningServer server, string input, string nick, string password, int exitCode = 0)
    {
        string file = await FileAsync("its-password", password);
        Ran ran = await Programs.RunTerminalAsync(
            input, "chat", "--server", server.Address.ToString(), "--nick", nick, "--password-file", file);
        Assert.Equal((exitCode, ""), (ran.ExitCode, ran.Error));
        return ran.Lines;
    }

    private async Task<string> FileAsync(string name, string line)
    {
        string path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, line + "\n");
        StoredSessionTests.Chmod(path, "600");
        return path;
    }
}
