using System.Diagnostics;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

/// <summary>Answers and pins at the terminal.</summary>
public class ReplyTests
{
    [Fact]
    public async Task A_user_answers_the_last_message_of_others_and_a_moderator_pins()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Browser robert = await Browser.LoginAsync(server.Address, "robert");
        using Process terminal = await Programs.StartChatAsync(server.Address, "alice");
        await terminal.StandardInput.WriteLineAsync("/reply too early");
        await Programs.UntilAsync(terminal, "! Nobody else has written a message here.");
        await robert.SayAsync("who is there?");
        await Programs.UntilAsync(terminal, "robert: who is there?");
        await terminal.StandardInput.WriteLineAsync("/reply it is I");
        await Programs.UntilAsync(terminal, "(reply to robert) alice: it is I");
        await terminal.StandardInput.WriteLineAsync("/reply");
        await Programs.UntilAsync(terminal, "! Usage: /reply <message>, or /reply <id of a message> <message>");
        await terminal.StandardInput.WriteLineAsync("/pins");
        await Programs.UntilAsync(terminal, "* Nothing is pinned here. *");
        await terminal.StandardInput.WriteLineAsync("/pin this");
        await Programs.UntilAsync(terminal, "! Usage: /pin <id of a message>");
        await Programs.EndAsync(terminal);
    }
}
