using System.CommandLine;
using System.Globalization;
using ErlChat.Client;
using ErlChat.Terminal.Pinging;

namespace ErlChat.Terminal.Verbs;

/// <summary>
/// <c>ping HOST:PORT</c>: checks whether there is a peer. <c>ping NODE --server URL</c>: has a server ask a node of its chat. Prints
/// <c>pong</c>, or prints <c>pang</c> and exits with 1.
/// </summary>
internal static class PingVerb
{
    internal static Command Create()
    {
        var peer = new Argument<string>("peer")
        {
            Description = "HOST:PORT of a peer port; the default port is 5555. With --server: the name of a node",
        };
        Option<Uri> server = ServerOptions.Server();
        Option<double> timeout = NumberOption.Create("--timeout", "seconds to wait", 5, 0.001, 3600);
        var verb = new Command("ping", "send a text to a peer port five times and check that it comes back; or ping a node of a chat")
        {
            peer, timeout, server,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetResult(server) is { Implicit: false })
                return await PingNodeAsync(parsed.GetValue(server)!, parsed.GetValue(peer)!, cancellationToken);
            if (!PeerAddress.TryParse(parsed.GetValue(peer)!, out string host, out int port))
            {
                await Console.Error.WriteLineAsync($"'{parsed.GetValue(peer)}' is not HOST:PORT.");
                return ExitCodes.Usage;
            }

            TimeSpan limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            TimeSpan? median = await PeerPing.RunAsync(host, port, limit, TimeProvider.System, cancellationToken);
            Console.WriteLine(median is { } trip
                ? string.Create(CultureInfo.InvariantCulture, $"pong {trip.TotalMilliseconds:0.00} ms")
                : "pang");
            return median is null ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return verb;
    }

    private static async Task<int> PingNodeAsync(Uri server, string node, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ChatClientOptions { LoginPatience = TimeSpan.Zero };
            bool isThere = await ChatClient.PingNodeAsync(server, node, options, cancellationToken);
            Console.WriteLine(isThere ? "pong" : "pang");
            return isThere ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (ChatException e)
        {
            await Console.Error.WriteLineAsync($"Could not connect to server, reason: {Output.SafeText.Of(e.Message)}");
            return ExitCodes.CannotConnect;
        }
    }
}
