using EchoBots;

namespace ErlChat.Client.Tests;

public class BotTests
{
    [Fact]
    public async Task The_documented_bot_answers()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var stop = new CancellationTokenSource();
        Task bot = EchoBot.RunAsync(server.Address, stop.Token);
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 2);
        await alice.SayAsync("echobot: hello").WithinAsync();
        await hers.HeardAsync("alice: hello");
        await alice.WhisperAsync("echobot", "psst").WithinAsync();
        Assert.Equal("You whispered 4 characters.", (await hers.TheAsync<Whispered>(whisper => !whisper.Own)).Text);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bot.WithinAsync());
        await hers.TheAsync<UserLeft>(left => left.Nick == "echobot");
    }

    [Fact]
    public void The_documentation_shows_exactly_that_bot()
    {
        string docs = FindDocs(AppContext.BaseDirectory);
        string bot = File.ReadAllText(Path.Combine(docs, "bots", "EchoBot.cs"));
        Assert.Contains(bot.Trim(), File.ReadAllText(Path.Combine(docs, "client.md")), StringComparison.Ordinal);
    }

    private static string FindDocs(string folder)
    {
        for (DirectoryInfo? one = new(folder); one is not null; one = one.Parent)
        {
            string docs = Path.Combine(one.FullName, "docs");
            if (File.Exists(Path.Combine(docs, "client.md")))
                return docs;
        }

        throw new DirectoryNotFoundException("There is no docs folder above the tests.");
    }
}
