using System.CommandLine;
using System.Globalization;
using ErlChat.Client;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>nodes</c>: lists the servers of the chat.</summary>
internal static class NodesVerb
{
    internal static Command Create()
    {
        Option<Uri> server = ServerOptions.Server();
        var verb = new Command("nodes", "list the nodes of the chat") { server };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var options = new ChatClientOptions { LoginPatience = TimeSpan.Zero };
                IReadOnlyList<NodeInfo> nodes = await ChatClient.NodesAsync(parsed.GetValue(server)!, options, cancellationToken);
                foreach (NodeInfo node in nodes)
                    Console.WriteLine(LineOf(node));
                return ExitCodes.Ok;
            }
            catch (ChatException e)
            {
                await Console.Error.WriteLineAsync($"Could not connect to server, reason: {Output.SafeText.Of(e.Message)}");
                return ExitCodes.CannotConnect;
            }
        });
        return verb;
    }

    private static string LineOf(NodeInfo node) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Output.SafeText.Of(node.Name)}  version {Output.SafeText.Of(node.Version)}  up {Uptime(node.Uptime)}  "
        + $"sessions {node.Sessions}  parked {node.Parked}{Lag(node.Lag)}");

    private static string Lag(TimeSpan? lag) =>
        lag is { } known ? string.Create(CultureInfo.InvariantCulture, $"  lag {known.TotalSeconds:0.0} s") : "";

    private static string Uptime(TimeSpan up) => up.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)up.TotalDays}d {up.Hours}h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)up.TotalHours}:{up.Minutes:00}:{up.Seconds:00}");
}
