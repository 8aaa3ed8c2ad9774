using System.Diagnostics;
using ErlChat.Client;
using ErlChat.Client.Tests;
using ErlChat.Terminal.Chatting;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Tests;

public class RenameTests
{
    [Fact]
    public async Task A_renamed_room_has_its_new_name_from_then_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Process terminal = await Programs.StartChatAsync(server.Address, "alice");
        await terminal.StandardInput.WriteLineAsync("/join den");
        await Programs.UntilAsync(terminal, "* Talking in den *");
        await terminal.StandardInput.WriteLineAsync("/rename Cellar");
        await Programs.UntilAsync(terminal, "[den] * alice has renamed the room to Cellar *");

        using Browser bob = await Browser.LoginAsync(server.Address, "bob");
        await bob.SayAsync("/join cellar");
        await Programs.UntilAsync(terminal, "[Cellar] * bob has joined *");
        await bob.SayAsync("hello", room: "den");
        await Programs.UntilAsync(terminal, "[Cellar] bob: hello");
        await terminal.StandardInput.WriteLineAsync("/rooms");
        await Programs.UntilAsync(terminal, "* Cellar (den) (2)");
        await terminal.StandardInput.WriteLineAsync("/leave cellar");
        await Programs.UntilAsync(terminal, "* You have left Cellar *");
        await terminal.StandardInput.WriteLineAsync("/join cellar");
        await Programs.UntilAsync(terminal, "* Talking in Cellar *");
        await Programs.EndAsync(terminal);
    }

    // It may have its first name back since the user left.
    [Fact]
    public async Task What_a_room_was_called_in_an_earlier_session_is_forgotten()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var titles = new RoomTitles();
        titles.Set("den", "Cellar");
        var login = new LoginSettings([server.Address], "alice");
        await using var chat = new TerminalChat(
            login, new ChatClientOptions(), new TextOutput(static _ => { }, titles), new Roster(), titles);
        await chat.EnterAsync(default).WithinAsync();
        Assert.Equal("den", titles.Of("den"));
    }
}
