using System.CommandLine;
using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>history</c>: prints the newest messages of a room. Only members may read them, so this logs in and out again.</summary>
internal static class HistoryVerb
{
    internal static Command Create()
    {
        Option<Uri[]> servers = ServerOptions.Servers();
        Option<string> nick = ServerOptions.Nick();
        var room = new Option<string>("--room") { Description = "which room", DefaultValueFactory = _ => ChatClient.Lobby };
        Option<int> count = NumberOption.Create("--count", "how many", 20, 1, 200);
        count.Aliases.Add("-n");
        var json = new Option<bool>("--json") { Description = "print one JSON object per line" };
        Option<string?> passwordFile = ServerOptions.PasswordFile();
        var verb = new Command("history", "print the newest messages of a room") { servers, nick, room, count, json, passwordFile };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var options = new ChatClientOptions { LoginPatience = TimeSpan.Zero };
                var login = new ChatLogin(parsed.GetValue(nick)!) { Password = ServerOptions.Secret(parsed, passwordFile) };
                await using ChatClient chat = await ChatClient.LoginAsync(parsed.GetValue(servers)!, login, options, cancellationToken);
                string where = parsed.GetValue(room)!;
                if (!string.Equals(where, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase))
                    await chat.JoinAsync(where, cancellationToken);
                int limit = parsed.GetValue(count);
                foreach (RoomEvent one in await chat.HistoryAsync(where, limit: limit, cancellationToken: cancellationToken))
                    Print(one, parsed.GetValue(json));
                return ExitCodes.Ok;
            }
            catch (PrivateFileException e)
            {
                return await ServerOptions.RefuseAsync(e.Message);
            }
            catch (ChatException e)
            {
                await Console.Error.WriteLineAsync($"Could not read the history, reason: {SafeText.Of(e.Message)}");
                return ExitCodes.Of(e);
            }
        });
        return verb;
    }

    private static void Print(RoomEvent one, bool json)
    {
        if (json)
        {
            Console.WriteLine(EventJson.Of(one));
            return;
        }

        foreach (string line in EventText.Of(one))
            Console.WriteLine($"{EventText.Time(one.At)} {line}");
    }
}
