using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using ErlChat.Client.Tests;
using ErlChat.Protocol.Flack;

namespace ErlChat.Terminal.Tests.Flack;

/// <summary>The <c>flack</c> verb against the real server, as a program.</summary>
public class FlackVerbTests
{
    [Fact]
    public async Task It_sends_its_message_the_given_number_of_times_and_prints_what_it_receives()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        Ran ran = await RunAsync(
            server, "--name", "Ann Müller!", "--chat", "lobby", "--count", "2", "--delay", "0.1", "--message", "I like \u202etea");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        string[] lines = [.. ran.Lines.Where(line => !line.StartsWith("* You are ", StringComparison.Ordinal) && line != "* pong *")];
        Assert.Equal(
            [
                "* The server speaks version 1.0 *", "* In lobby: web *", "* Ann Müller! joined lobby *",
                "[lobby] Ann Müller!: I like \uFFFDtea",
                "[lobby] Ann Müller!: I like \uFFFDtea", "* Ann Müller! left lobby *", "* Goodbye *",
            ],
            lines);
        await web.HearAsync("I like \u202etea");
        Assert.Equal(1, server.Room.SessionCount);
    }

    [Fact]
    public async Task Json_prints_the_records_as_received()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await RunAsync(server, "--count", "1", "--json");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        Assert.Equal(
            ["server_hello", "authenticated", "chat_state", "joined", "chat_message", "ping_reply", "left", "server_goodbye"],
            ran.Lines.Select(line => JsonElement.Parse(line).GetProperty("record").GetString()));
        Assert.Equal("I like cats", JsonElement.Parse(ran.Lines[4]).GetProperty("message").GetString());
        Assert.StartsWith("""{"record":"chat_message","chat_name":"foobar","user_id":""", ran.Lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_clients_receive_each_others_messages_and_a_rate_limit_only_slows_them_down()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran[] both = await Task.WhenAll(
            RunAsync(server, "--name", "ann", "--count", "14", "--delay", "0", "--message", "from ann"),
            RunAsync(server, "--name", "ben", "--count", "14", "--delay", "0", "--message", "from ben"));
        Assert.All(both, ran => Assert.Equal((0, "", "* Goodbye *"), (ran.ExitCode, ran.Error, ran.Lines[^1])));
        Assert.Equal(14, both[0].Lines.Count(line => line == "[foobar] ann: from ann"));
        Assert.Equal(14, both[1].Lines.Count(line => line == "[foobar] ben: from ben"));
    }

    [Fact]
    public async Task The_exit_code_says_what_went_wrong()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran refused = await RunAsync(server, "--chat", new string('x', 129));
        Assert.Equal((1, "CHAT_PROTOCOL-001: Unrecognized message"), (refused.ExitCode, refused.Error.TrimEnd()));
        Ran nobody = await Programs.RunTerminalAsync("", "flack", "--url", $"ws://127.0.0.1:{LoopbackPort.Free()}/chat-server");
        Assert.Equal(3, nobody.ExitCode);
        foreach (string[] usage in new string[][]
        {
            ["--count", "-1"], ["--count", "many"], ["--delay", "x"], ["--url", "http://localhost/"], ["--url", "nonsense"], ["--what"],
        })
        {
            Ran ran = await Programs.RunTerminalAsync("", ["flack", .. usage]);
            Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        }
    }

    [Fact]
    public async Task A_reason_given_by_a_server_cannot_control_the_terminal()
    {
        int port = LoopbackPort.Free();
        using var server = new HttpListener();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        Task<Ran> running = Programs.RunTerminalAsync("", "flack", "--url", $"ws://127.0.0.1:{port}/chat-server");
        using WebSocket socket = (await (await server.GetContextAsync().WithinAsync(TimeSpan.FromSeconds(30)))
            .AcceptWebSocketAsync(null)).WebSocket;
        byte[] error = FlackJson.Encode(new ProtocolErrorRecord("CHAT-001", "\u001b]0;title\u0007"));
        await socket.SendAsync(error, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WithinAsync();
        Ran ran = await running;
        Assert.Equal((1, "CHAT-001: \uFFFD]0;title\uFFFD"), (ran.ExitCode, ran.Error.TrimEnd()));
    }

    private static Task<Ran> RunAsync(RunningServer server, params string[] arguments) =>
        Programs.RunTerminalAsync("", ["flack", "--url", $"ws://127.0.0.1:{server.Port}/chat-server", .. arguments]);
}
