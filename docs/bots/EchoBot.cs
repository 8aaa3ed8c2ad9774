using ErlChat.Client;

namespace EchoBots;

public static class EchoBot
{
    public static async Task RunAsync(Uri server, CancellationToken stop)
    {
        await using ChatClient chat = await ChatClient.LoginAsync(server, "echobot", cancellationToken: stop);
        await chat.SayAsync("Say \"echobot: something\" to me.", cancellationToken: stop);
        await foreach (ChatEvent happened in chat.ReadAsync(stop))
        {
            if (happened is Said { Own: false } said && said.Text.StartsWith("echobot: ", StringComparison.Ordinal))
                await chat.SayAsync($"{said.Nick}: {said.Text["echobot: ".Length..]}", said.Room, stop);
            else if (happened is Whispered { Own: false } whisper)
                await chat.WhisperAsync(whisper.From, $"You whispered {whisper.Text.Length} characters.", stop);
        }
    }
}
