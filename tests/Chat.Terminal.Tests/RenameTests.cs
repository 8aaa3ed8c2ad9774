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
        await UntilAsync(terminal, "* Type /help for options *");
        await terminal.StandardInput.WriteLineAsync("/join den");
        await UntilAsync(terminal, "* Talking in den *");
        await terminal.StandardInput.WriteLineAsync("/rename Cellar");
        await UntilAsync(terminal, "[den] * alice has renamed the room to Cellar *");

        using Browser bob = await Browser.LoginAsync(server.Address, "bob");
        await bob.SayAsync("/join cellar");
        await UntilAsync(terminal, "[Cellar] * bob has joined *");
        await bob.SayAsync("hello", room: "den");
        await UntilAsync(terminal, "[Cellar] bob: hello");
        await terminal.StandardInput.WriteLineAsync("/rooms");
        await UntilAsync(terminal, "* Cellar (2)");
        await terminal.StandardInput.WriteLineAsync("/leave cellar");
        await UntilAsync(terminal, "* You have left Cellar *");
        await terminal.StandardInput.WriteLineAsync("/join cellar");
        await UntilAsync(terminal, "* Talking in Cellar *");
        terminal.StandardInput.Close();
        await terminal.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAsync(Process program, string line)
    {
        var seen = new List<string>();
        while (await program.StandardOutput.ReadLineAsync().WithinAsync(TimeSpan.FromSeconds(30)) is { } next)
        {
            if (next == line)
                return;
            seen.Add(next);
        }

        throw new InvalidOperationException($"The program ended before '{line}':\n{string.Join('\n', seen)}");
    }
}
