using System.CommandLine;
using System.Globalization;
using ErlChat.Terminal.Pinging;

namespace ErlChat.Terminal.Verbs;

/// <summary><c>ping HOST:PORT</c>: is there a peer? <c>pong</c>, or <c>pang</c> and exit code 1.</summary>
internal static class PingVerb
{
    internal static Command Create()
    {
        var peer = new Argument<string>("peer") { Description = "HOST:PORT of a peer port; the default port is 5555" };
        Option<double> timeout = NumberOption.Create("--timeout", "seconds to wait", 5, 0.001, 3600);
        var verb = new Command("ping", "send a text to a peer port five times and check that it comes back") { peer, timeout };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (!PeerAddress.TryParse(parsed.GetValue(peer)!, out string host, out int port))
            {
                await Console.Error.WriteLineAsync($"'{parsed.GetValue(peer)}' is not HOST:PORT.");
                return ExitCodes.Usage;
            }

            TimeSpan limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            TimeSpan? median = await PeerPing.RunAsync(host, port, limit, TimeProvider.System, cancellationToken);
            Console.WriteLine(median is { } trip ? string.Create(CultureInfo.InvariantCulture, $"pong {trip.TotalMilliseconds:0.00} ms") : "pang");
            return median is null ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return verb;
    }
}
