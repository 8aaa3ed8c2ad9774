using System.Diagnostics;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

/// <summary>However the chat ends, the program prints why and exits with the right code, never with an unhandled exception.</summary>
public class EndTests
{
    /// <summary>Previously, for a user who was rate-limited and then kicked, the program crashed with an ObjectDisposedException.</summary>
    [Theory]
    [InlineData("kick bob noise", "kicked", false)]
    [InlineData("kick bob noise", "kicked", true)]
    [InlineData("ban bob noise 60", "banned", false)]
    public async Task A_script_that_is_rate_limited_and_then_kicked_prints_why_and_exits(string command, string why, bool json)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:AdminPassword=demopass", "Chat:RateLimitCount=3", "Chat:RateLimitWindow=00:00:30");
        using Browser admin = await Browser.LoginAsync(server.Address, "alice");
        await using var bob = new Program(server, json ? ["--json"] : []);
        for (int i = 0; i < 20; i++)
            await bob.TypeAsync($"line {i}");
        await admin.HearAsync("line 2");
        await admin.SayAsync("/auth demopass");
        await admin.SayAsync("/admin " + command);
        Ran ran = await bob.EndAsync();
        Assert.Equal((3, ""), (ran.ExitCode, ran.Error));
        string expected = json ? $"\"reason\":\"{why}\"" : $"! The session is over: {why}.";
        Assert.Contains(ran.Lines, line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_at_a_terminal_is_told_too_and_the_program_keeps_running()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:AdminPassword=demopass", "Chat:RateLimitCount=3", "Chat:RateLimitWindow=00:00:30");
        using Browser admin = await Browser.LoginAsync(server.Address, "alice");
        await using Tmux bob = await Tmux.StartAsync(server.Address, "bob");
        for (int i = 0; i < 6; i++)
            await bob.EnterAsync($"line {i}");
        await admin.HearAsync("line 2");
        await admin.SayAsync("/auth demopass");
        await admin.SayAsync("/admin kick bob noise");
        await bob.SeeAsync("! The session is over: kicked.");
        await bob.SeePromptAsync("bob (away)>");
        await bob.EnterAsync("/quit");
        await bob.SeeAsync("ended with 0");
        Assert.DoesNotContain(await bob.ScreenAsync(), line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_a_script_whose_server_is_gone_and_unsent_messages_are_reported(string signal)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var bob = new Program(server);
        await bob.TypeAsync("said");
        await bob.SeeAsync("bob: said");
        await server.StopAsync();
        for (int i = 0; i < 3; i++)
            await bob.TypeAsync($"not said {i}");

        // The answer to /help comes without the server. It shows that the lines before it have been read: a signal ends reading at once.
        await bob.TypeAsync("/help");
        bob.Input.Close();
        await bob.SeeAsync("! The server is gone", part: true);
        await bob.SeeAsync("  /quit", part: true);
        await bob.SignalAsync(signal);
        Ran ran = await bob.EndAsync();
        Assert.Equal((1, ""), (ran.ExitCode, ran.Error));
        Assert.Contains("! Quit before the server had taken all that was typed.", ran.Lines);
    }

    /// <summary>Previously, the program ran for ever, writing to a closed output.</summary>
    [Fact]
    public async Task A_script_whose_output_is_closed_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        await using var bob = new Program(server);
        await bob.SeeAsync("* Type /help for options *");
        bob.CloseOutput();
        await web.SayAsync("is anybody there?");
        await web.SayAsync("?");
        Ran ran = await bob.EndAsync();
        Assert.Equal((1, "The output was closed."), (ran.ExitCode, ran.Error.Trim()));
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 1);
    }

    [Fact]
    public async Task An_unreadable_input_counts_as_ended()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Process process = Programs.Start(
            "sh",
            [],
            ["-c", "\"$0\" \"$@\" < /tmp", "dotnet", Programs.Terminal, "chat", "--server", server.Address.ToString(), "--nick", "bob"]);
        string error = await process.StandardError.ReadToEndAsync().WithinAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WithinAsync();
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [Fact]
    public async Task The_flack_verb_ends_with_its_signal_its_server_and_its_output()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string[] flack = ["flack", "--url", $"ws://127.0.0.1:{server.Port}/chat-server", "--delay", "0.2", "--count", "1000"];
        await using var interrupted = new Program([.. flack, "--name", "ann"]);
        await interrupted.SeeAsync("[foobar] ann: I like cats");
        await interrupted.SignalAsync("TERM");
        Ran ran = await interrupted.EndAsync();
        Assert.Equal((1, "Interrupted."), (ran.ExitCode, ran.Error.Trim()));

        await using var closed = new Program([.. flack, "--name", "ben"]);
        await closed.SeeAsync("[foobar] ben: I like cats");
        closed.CloseOutput();
        ran = await closed.EndAsync();
        Assert.Equal(1, ran.ExitCode);
        Assert.EndsWith("The output was closed.", ran.Error.Trim(), StringComparison.Ordinal);

        await using var left = new Program([.. flack, "--name", "cid"]);
        await left.SeeAsync("[foobar] cid: I like cats");
        await server.StopAsync();
        ran = await left.EndAsync();
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("1001", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history", "--nick", "bob", "--server")]
    [InlineData("nodes", "--server")]
    [InlineData("ping", "--timeout", "60")]
    public async Task Verbs_that_only_ask_are_interrupted_while_they_wait(params string[] verb)
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        string address = $"127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}";
        await using var program = new Program([.. verb, address]);
        using System.Net.Sockets.TcpClient client = await silent.AcceptTcpClientAsync().WithinAsync(TimeSpan.FromSeconds(30));
        await program.SignalAsync("INT");
        Ran ran = await program.EndAsync();
        Assert.Equal((1, "Interrupted."), (ran.ExitCode, ran.Error.Trim()));
    }

    /// <summary>The running terminal program. The test types into it and reads its output.</summary>
    private sealed class Program : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly List<string> _lines = [];
        private readonly Task _reading;
        private readonly Task<string> _error;

        internal Program(RunningServer server, params string[] more)
            : this(["chat", "--server", server.Address.ToString(), "--nick", "bob", .. more])
        {
        }

        internal Program(string[] arguments)
        {
            _process = Programs.Start("dotnet", [], [Programs.Terminal, .. arguments]);
            _error = _process.StandardError.ReadToEndAsync();
            _reading = ReadAsync();
        }

        internal StreamWriter Input => _process.StandardInput;

        private string[] Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        internal async Task TypeAsync(string line)
        {
            await Input.WriteLineAsync(line);
            await Input.FlushAsync();
        }

        internal Task SeeAsync(string line, bool part = false) => Eventually.BeTrueAsync(
            () => Lines.Any(seen => part ? seen.Contains(line, StringComparison.Ordinal) : seen == line), TimeSpan.FromSeconds(30), line);

        /// <summary>From now on nothing reads the program's output.</summary>
        internal void CloseOutput() => _process.StandardOutput.BaseStream.Dispose();

        internal async Task SignalAsync(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
            await kill.WaitForExitAsync().WithinAsync();
        }

        internal async Task<Ran> EndAsync()
        {
            await _process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
            await _reading.WithinAsync();
            return new Ran(_process.ExitCode, string.Join('\n', Lines), await _error.WithinAsync());
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync().WithinAsync();
            await _reading.WithinAsync();
            _process.Dispose();
        }

        private async Task ReadAsync()
        {
            try
            {
                while (await _process.StandardOutput.ReadLineAsync() is { } line)
                {
                    lock (_lines)
                        _lines.Add(line);
                }
            }
            catch (Exception e) when (
                e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                // The test closed the output.
            }
        }
    }
}
