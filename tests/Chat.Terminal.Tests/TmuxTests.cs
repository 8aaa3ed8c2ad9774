using System.Diagnostics;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

public class TmuxTests
{
    [Fact]
    public async Task Two_terminals_and_a_browser_talk_and_typed_text_stays_intact()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await using Tmux mary = await Tmux.StartAsync(server.Address, "mary");
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        Assert.Equal(
            ["Connected", "* Joined the chatroom *", "* Users in the room: john *", "* Type /help for options *"],
            (await john.ScreenAsync())[1..5]);
        await john.SeeAsync("* mary has joined *");
        await mary.SeeAsync("* Users in the room: mary:john *");

        await john.TypeAsync("half typed wörds");
        await john.SeePromptAsync("john> half typed wörds");
        await web.SayAsync("a message in between");
        await mary.EnterAsync("and another");
        await john.SeeAsync("web: a message in between");
        await john.SeeAsync("mary: and another");
        await john.SeePromptAsync("john> half typed wörds");
        await john.EnterAsync(" are whole");
        await mary.SeeAsync("john: half typed wörds are whole");
        await john.SeeAsync("john: half typed wörds are whole");
        await john.SeePromptAsync("john>");
        await web.HearAsync("half typed wörds are whole");

        await web.SayAsync("psst", to: "john");
        await john.SeeAsync("[pm from web] psst");
        await john.EnterAsync("/pm web psst yourself");
        await john.SeeAsync("[pm to web] psst yourself");
        await web.SayAsync("\u202e[2Jno \u2066tricks\nwith lines");
        await mary.WaitAsync(
            screen => screen.Contains("web: \uFFFD[2Jno \uFFFDtricks") && screen.Contains("    with lines"),
            "what turns the text around made harmless");
    }

    /// <summary>Previously, anyone who looked over an administrator's shoulder, or scrolled back, could read the password.</summary>
    [Fact]
    public async Task The_administrators_password_is_asked_for_and_never_shown()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        await john.EnterAsync("/auth");
        await john.SeePromptAsync("john> administrators' password:");
        await john.TypeAsync("demopass");
        await john.EnterAsync("");
        await john.SeeAsync("* john is now an administrator *");
        await john.SeePromptAsync("john>");
        Assert.DoesNotContain(await john.ScreenAsync(), line => line.Contains("demopass", StringComparison.Ordinal));
    }

    [Fact]
    public Task Killing_and_restarting_the_server_loses_no_typed_message() => KillAsync(isDurable: false, "--Log:Kind=Memory");

    [Fact]
    public async Task With_a_durable_log_killing_and_restarting_the_server_loses_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat-terminal-").FullName;
        try
        {
            await KillAsync(isDurable: true, "--Log:Kind=Sqlite", $"--Log:Path={folder}/chat.db");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task KillAsync(bool isDurable, params string[] log)
    {
        int port = LoopbackPort.Free();
        var address = new Uri($"http://127.0.0.1:{port}");
        using Process first = await StartServerAsync(port, log);
        await using Tmux john = await Tmux.StartAsync(address, "john");
        await using Tmux mary = await Tmux.StartAsync(address, "mary");
        await john.EnterAsync("before");
        await mary.SeeAsync("john: before");
        await mary.TypeAsync("not sent yet");

        first.Kill();
        await first.WaitForExitAsync().WithinAsync();
        await mary.WaitAsync(
            screen =>
                screen.Any(line => line.StartsWith("! The server is gone, trying again.", StringComparison.Ordinal)), "the server is gone");
        await john.EnterAsync("while it was gone");
        using Process second = await StartServerAsync(port, log);
        await mary.SeeAsync("! The server is back.");
        await mary.SeeAsync("john: while it was gone");
        await mary.SeePromptAsync("mary> not sent yet");
        await mary.PressAsync("Enter");
        await john.SeeAsync("mary: not sent yet");
        Assert.Single(await mary.ScreenAsync(), line => line == "john: while it was gone");
        Assert.Single(await john.ScreenAsync(), line => line == "john: while it was gone");
        Assert.Single(await john.ScreenAsync(), line => line == "john: before");
        Assert.NotEqual(isDurable, (await john.ScreenAsync()).Contains("! Logged in again."));
        second.Kill();
        await second.WaitForExitAsync().WithinAsync();
    }

    [Fact]
    public async Task Keys_complete_recall_edit_and_quit_cleanly()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using Tmux john = await Tmux.StartAsync(server.Address, "john");
        using Browser web = await Browser.LoginAsync(server.Address, "margaret");
        await john.SeeAsync("* margaret has joined *");
        await john.TypeAsync("mar");
        await john.PressAsync("Tab");
        await john.SeePromptAsync("john> margaret:");
        await john.EnterAsync("hello");
        await web.HearAsync("margaret: hello");
        await john.PressAsync("Up", "BSpace", "BSpace");
        await john.SeePromptAsync("john> margaret: hel");
        await john.PressAsync("C-a", "C-k");
        await john.TypeAsync("/jo");
        await john.PressAsync("Tab");
        await john.EnterAsync("tea");
        await john.SeePromptAsync("john@tea>");
        await john.EnterAsync("/leave");
        await john.SeeAsync("You have exited the chatroom, you can rejoin with /join or quit with /quit");
        await john.SeePromptAsync("john (away)>");
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 1);
        await john.EnterAsync("/join");
        await john.SeePromptAsync("john>");
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 2);
        await john.PressAsync("C-c");
        await john.SeeAsync("ended with 0");
        Assert.Equal(1, server.Room.SessionCount);
    }

    private static async Task<Process> StartServerAsync(int port, string[] log)
    {
        Process process = Programs.StartWeb(port, log);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (int tries = 0; ; tries++)
        {
            try
            {
                await http.GetStringAsync("/healthz").WithinAsync();
                return process;
            }
            catch (HttpRequestException) when (tries < 200 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
