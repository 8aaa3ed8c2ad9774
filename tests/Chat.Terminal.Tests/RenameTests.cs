using System.Diagnostics;
using ErlChat.Client.Tests;

namespace ErlChat.Terminal.Tests;

public class RenameTests
{
    [Fact]
    public async Task A_renamed_room_has_its_new_name_from_then_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Process terminal = Programs.Start(
            "dotnet", [], [Programs.Terminal, "chat", "--server", server.Address.ToString(), "--nick", "alice"]);
        await Programs.UntilAsync(terminal, "* Type /help for options *");
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
        terminal.StandardInput.Close();
        await terminal.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
    }
}
