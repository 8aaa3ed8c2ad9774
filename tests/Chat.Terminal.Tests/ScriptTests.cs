using System.Text.Json;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

public class ScriptTests
{
    [Fact]
    public async Task A_piped_line_is_sent_and_the_program_exits()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        Ran ran = await Programs.RunTerminalAsync("hi\n", "chat", "--server", server.Address.ToString(), "--nick", "script");
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        Assert.Equal(
            [
                $"Connecting to {server.Address} ...", "Connected", "* Joined the chatroom *", "* Users in the room: script:web *",
                "* Type /help for options *", "script: hi",
            ],
            ran.Lines);
        await web.HearAsync("hi");
        Assert.Equal(1, server.Room.SessionCount);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("history")]
    [InlineData("nodes")]
    public async Task A_verb_uses_any_of_several_servers_that_answers(string verb)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string none = $"127.0.0.1:{LoopbackPort.Free()}";
        string[] nick = verb == "nodes" ? [] : ["--nick", "script"];
        Ran ran = await Programs.RunTerminalAsync("hi\n", [verb, "--server", $"{none}, {none}/x,{server.Address}", .. nick]);
        Assert.Equal((0, ""), (ran.ExitCode, ran.Error));
        if (verb == "chat")
            Assert.Equal("script: hi", ran.Lines[^1]);
        Ran mixed = await Programs.RunTerminalAsync("", [verb, "--server", $"https://127.0.0.1,{none}", .. nick]);
        Assert.Equal(2, mixed.ExitCode);
        Assert.Contains("Either all servers use https or none does", mixed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_becomes_an_administrator_or_is_told_that_it_cannot()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        string url = server.Address.ToString();
        Ran right = await Programs.RunTerminalAsync("/auth demopass\nbye\n", "chat", "--server", url, "--nick", "root");
        Assert.Equal(0, right.ExitCode);
        Assert.Equal(
            [
                "*** You are now authenticated as an administrator. Type /admin help for commands.", "* root is now an administrator *",
                "root: bye",
            ],
            right.Lines[^3..]);
        Ran wrong = await Programs.RunTerminalAsync("/auth wrong\n", "chat", "--server", url, "--nick", "mallory");
        Assert.Equal((1, "! That is not the administrators' password."), (wrong.ExitCode, wrong.Lines[^1]));
    }

    [Fact]
    public async Task Environment_variables_set_the_nick_and_the_server_as_in_the_original()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await Programs.RunTerminalAsync("one\ntwo", new() { ["server"] = $" 127.0.0.1:{server.Port} ", ["nick"] = "john " }, []);
        Assert.Equal(0, ran.ExitCode);
        Assert.Equal(["john: one", "john: two"], ran.Lines[^2..]);
    }

    [Fact]
    public async Task Json_is_one_event_per_line_and_a_line_that_cannot_be_sent_fails_the_script()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await Programs.RunTerminalAsync(
            "<hé>\n/pm nobody psst\n/rooms\n/users\nbye\n", "--json", "--server", server.Address.ToString(), "--nick", "robot");
        Assert.Equal(1, ran.ExitCode);
        JsonElement[] events = [.. ran.Lines.Select(line => JsonElement.Parse(line))];
        Assert.Equal(
            ["lobby"],
            events.Where(one => Name(one) == "rooms").Select(one => one.GetProperty("rooms")[0].GetProperty("name").GetString()));
        Assert.Equal(2, events.Count(one => Name(one) == "users"));
        Assert.Equal("no_such_user", events.Single(one => Name(one) == "problem").GetProperty("word").GetString());
        JsonElement said = events.First(one => Name(one) == "said");
        Assert.Equal(
            ("lobby", "robot", "<hé>", true),
            (said.GetProperty("room").GetString(), said.GetProperty("nick").GetString(),
                said.GetProperty("text").GetString(), said.GetProperty("own").GetBoolean()));
        Assert.True(said.GetProperty("id").GetInt64() > 0 && said.GetProperty("at").GetDateTimeOffset().Year > 2000);

        static string Name(JsonElement one) => one.GetProperty("event").GetString()!;
    }

    [Fact]
    public async Task Refused_nicks_and_unreachable_servers_have_their_own_exit_codes()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "john");
        string url = server.Address.ToString();
        Ran taken = await Programs.RunTerminalAsync("", "chat", "--server", url, "--nick", "john");
        Assert.Equal((4, "! Could not join chatroom, reason: nick_in_use"), (taken.ExitCode, taken.Lines[^1]));
        Ran reserved = await Programs.RunTerminalAsync("", "chat", "--server", url, "--nick", "server");
        Assert.Equal((4, "! Could not join chatroom, reason: nick_not_allowed"), (reserved.ExitCode, reserved.Lines[^1]));
        Ran nobody = await Programs.RunTerminalAsync(
            "", "chat", "--server", $"http://127.0.0.1:{LoopbackPort.Free()}", "--nick", "john");
        Assert.Equal(3, nobody.ExitCode);
        Assert.StartsWith("! Could not connect to server, reason: ", nobody.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(2, (await Programs.RunTerminalAsync("", "chat", "--nick", "john", "--nonsense")).ExitCode);
        Assert.Equal(2, (await Programs.RunTerminalAsync("", "chat")).ExitCode);
        Assert.Equal(2, (await Programs.RunTerminalAsync("", "chat", "--nick", "john", "--server", "ftp://x")).ExitCode);
        Assert.Equal(0, (await Programs.RunTerminalAsync("", "--help")).ExitCode);
    }

    [Fact]
    public async Task History_prints_the_last_messages_and_nodes_prints_the_servers()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser web = await Browser.LoginAsync(server.Address, "web");
        for (int i = 0; i < 5; i++)
            await web.SayAsync($"word {i}");
        string url = server.Address.ToString();
        Ran history = await Programs.RunTerminalAsync("", "history", "--server", url, "--nick", "reader", "-n", "2");
        Assert.Equal(0, history.ExitCode);
        Assert.Equal(["web: word 3", "web: word 4"], history.Lines.Select(line => line.Split("Z ")[1]));
        Ran nodes = await Programs.RunTerminalAsync("", "nodes", "--server", url);
        Assert.Equal(0, nodes.ExitCode);
        Assert.Matches(@"^erlchat@\S+  version 0\.1\.0  up 0:00:\d\d  sessions 1  parked \d$", Assert.Single(nodes.Lines));
        Assert.Equal(3, (await Programs.RunTerminalAsync("", "nodes", "--server", $"127.0.0.1:{LoopbackPort.Free()}")).ExitCode);
    }

    [Fact]
    public async Task A_peer_is_pinged()
    {
        int port = LoopbackPort.Free();
        await using RunningServer server = await RunningServer.StartAsync($"Peer:Port={port}");
        Ran pong = await Programs.RunTerminalAsync("", "ping", $"127.0.0.1:{port}");
        Assert.Equal(0, pong.ExitCode);
        Assert.Matches(@"^pong \d+\.\d\d ms$", Assert.Single(pong.Lines));
        Ran pang = await Programs.RunTerminalAsync("", "ping", $"127.0.0.1:{LoopbackPort.Free()}");
        Assert.Equal((1, "pang"), (pang.ExitCode, Assert.Single(pang.Lines)));

        // Another program's server, which sends back something else.
        Ran other = await Programs.RunTerminalAsync("", "ping", $"127.0.0.1:{server.Port}", "--timeout", "2");
        Assert.Equal((1, "pang"), (other.ExitCode, Assert.Single(other.Lines)));
        Assert.Equal(2, (await Programs.RunTerminalAsync("", "ping", "host:port")).ExitCode);
    }

    [Fact]
    public async Task A_node_is_pinged_through_a_server_and_nodes_prints_its_lag()
    {
        await using RunningServer server = await RunningServer.StartAsync("Node:Name=n1");
        string url = server.Address.ToString();
        Ran pong = await Programs.RunTerminalAsync("", "ping", "n1", "--server", url);
        Assert.Equal((0, "pong"), (pong.ExitCode, Assert.Single(pong.Lines)));
        Ran pang = await Programs.RunTerminalAsync("", "ping", "../n1", "--server", url);
        Assert.Equal((1, "pang"), (pang.ExitCode, Assert.Single(pang.Lines)));
        Ran nobody = await Programs.RunTerminalAsync("", "ping", "n1", "--server", $"127.0.0.1:{LoopbackPort.Free()}");
        Assert.Equal(3, nobody.ExitCode);
        Ran nodes = await Programs.RunTerminalAsync("", "nodes", "--server", url);
        Assert.Matches(@"^n1  version 0\.1\.0  up 0:00:\d\d  sessions 0  parked 0  lag 0\.0 s$", Assert.Single(nodes.Lines));
    }

    [Fact]
    public async Task Texts_from_a_server_cannot_control_the_terminal()
    {
        int port = LoopbackPort.Free();
        using var server = new System.Net.HttpListener();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        Task<Ran> running = Programs.RunTerminalAsync("", "nodes", "--server", $"http://127.0.0.1:{port}");
        System.Net.HttpListenerContext asked = await server.GetContextAsync().WithinAsync(TimeSpan.FromSeconds(30));
        asked.Response.Close("""{"status":"error","response":"\u001b[2J"}"""u8.ToArray(), willBlock: true);
        Ran ran = await running;
        Assert.Equal(3, ran.ExitCode);
        Assert.Contains("refuses: \uFFFD[2J.", ran.Error, StringComparison.Ordinal);
    }
}
