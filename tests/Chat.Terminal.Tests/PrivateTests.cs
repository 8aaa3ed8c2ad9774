using System.Diagnostics;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

public class PrivateTests
{
    // Previously, robert left, a stranger took the nick, and the next /pm robert went to the stranger.
    [Fact]
    public async Task A_private_message_goes_to_the_person_of_the_conversation()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser robert = await Browser.LoginAsync(server.Address, "robert");
        using Process terminal = await Programs.StartChatAsync(server.Address, "alice");
        await robert.SayAsync("it is me", to: "alice");
        await Programs.UntilAsync(terminal, "[pm from robert] it is me");
        await terminal.StandardInput.WriteLineAsync("/pm robert hello");
        await Programs.UntilAsync(terminal, "[pm to robert] hello");
        await server.Room.LeaveAsync(server.Room.FindNick("robert")!.Key).WithinAsync();
        await Programs.UntilAsync(terminal, "* robert has left *");

        using Browser stranger = await Browser.LoginAsync(server.Address, "RoBert");
        await terminal.StandardInput.WriteLineAsync("/pm robert a secret");
        await Programs.UntilAsync(
            terminal,
            "! The robert you talked with has left; nothing was sent. "
            + "That nick now belongs to someone else. Use /pm again to write to them.");
        await terminal.StandardInput.WriteLineAsync("/pm robert who are you?");
        await Programs.UntilAsync(terminal, "[pm to RoBert] who are you?");
        await Programs.EndAsync(terminal);
    }

    [Fact]
    public async Task A_private_room_is_neither_listed_nor_entered_without_an_invitation()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser owner = await Browser.LoginAsync(server.Address, "owner");
        await owner.SayAsync("/join vault private");
        using Process terminal = await Programs.StartChatAsync(server.Address, "alice");
        await terminal.StandardInput.WriteLineAsync("/rooms");
        Assert.DoesNotContain("vault", string.Join('\n', await Programs.UntilAsync(terminal, "* lobby (2)")), StringComparison.Ordinal);
        await terminal.StandardInput.WriteLineAsync("/join vault");
        await Programs.UntilAsync(terminal, "! That name cannot be used. If it is a private room, you need an invitation.");
        await owner.SayAsync("/invite alice", room: "vault");
        await Programs.UntilAsync(terminal, "*** owner invites you to the private room vault. Type /join vault to enter it.");
        await terminal.StandardInput.WriteLineAsync("/join vault");
        await Programs.UntilAsync(terminal, "* Talking in vault *");
        await terminal.StandardInput.WriteLineAsync("/room");
        await Programs.UntilAsync(terminal, "*** vault: private");
        await Programs.EndAsync(terminal);
    }

    // Previously, a script was told that its message was not sent, but exited as if all was well.
    [Fact]
    public async Task A_script_whose_private_message_was_not_sent_fails()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Ran ran = await Programs.RunTerminalAsync("/pm robert\n", ["chat", "--server", server.Address.ToString(), "--nick", "alice"]);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("Usage: /pm", ran.Output, StringComparison.Ordinal);
    }
}
