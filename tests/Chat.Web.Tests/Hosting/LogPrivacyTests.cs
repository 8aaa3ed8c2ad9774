using ErlChat.Sessions;

namespace ErlChat.Web.Tests;

/// <summary>The server's log never holds what people say, nor what would let anybody speak for them.</summary>
public class LogPrivacyTests
{
    [Fact]
    public async Task A_hundred_thousand_characters_of_log_have_no_token_no_password_and_no_words()
    {
        // Everything that can be logged is, the framework's own lines included.
        await using ChatServerHost server = await ChatServerHost.StartAsync(
        [
            .. ChatServerHost.NoLimits, "Chat:AdminPassword=s3cretpass", "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace",
        ]);
        var tokens = new List<string>();
        for (int round = 0; Length(server) < 100_000; round++)
        {
            CometClient alice = await server.LoginAsync($"alice{round}");
            CometClient bob = await server.LoginAsync($"bob{round}");
            tokens.AddRange([alice.Token!, bob.Token!]);
            await alice.SendAsync("unspeakable words", key: "unspeakablekey");
            await alice.SendAsync("unspeakable words", to: $"bob{round}");
            await alice.SendAsync("/me unspeakable deeds");
            await alice.SendAsync("/topic unspeakable things");
            await alice.SendAsync("unspeakable", room: "nowhere");
            await alice.SendAsync("unspeakable " + new string('x', 3000));
            await alice.PostRawAsync("/chat/send_msg/", "msg=unspeakable"u8.ToArray(), "text/plain");
            await bob.SendAsync("/auth s3cretpass");
            await bob.SendAsync("/auth n0tthepass");
            await bob.SendAsync(" /\u200BAUTH s3cretpass");
            await bob.PostAsync("/chat/auth/", ("password", "n0tthepass"));
            await bob.PostAsync("/chat/auth/", ("password", "s3cretpass"));
            await bob.SendAsync($"/admin kick alice{round} unspeakable");
            await bob.ReadAsync();
            await bob.LeaveAsync();
        }

        string log = string.Join('\n', server.Logs.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.True(log.Length >= 100_000);
        Assert.DoesNotContain("unspeakable", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cretpass", log, StringComparison.Ordinal);
        Assert.DoesNotContain("n0tthepass", log, StringComparison.Ordinal);
        Assert.DoesNotContain("chat_sess=", log, StringComparison.Ordinal);
        foreach (string token in tokens)
        {
            Assert.DoesNotContain(token, log, StringComparison.Ordinal);
            Assert.DoesNotContain(SessionKey.Of(token).ToString(), log, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static int Length(ChatServerHost server) => server.Logs.Lines.Sum(line => line.Text.Length);
}
