using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary><c>fanout</c>: one message to N parked polls.</summary>
internal static class FanOutVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(10_000);
        Option<int> rounds = NumberOption.Create("--rounds", 10, 1, 10_000, "How many messages, one after the other.");
        Option<int> warmUp = NumberOption.Create("--warm-up", 5, 0, 10_000, "Messages before those that count.");
        var after = new Option<bool>("--repoll-after") { Description = "Clients poll again when all are served, not each at once." };
        var command = new Command(
            "fanout", "One message to N parked polls: when the middle, the 99th of a hundred and the last have it; CPU for each.")
        {
            rounds, warmUp, after,
        };
        common.AddTo(command);
        command.SetAction((result, ending) => common.Run(result, async (reactor, peer, token) =>
        {
            using Crowd crowd = await Crowd.GatherAsync(reactor, peer, common.Polls(result), talkers: 1, token);
            await crowd.EnterAsync(token);
            FanOut fanOut = await FanOut.ParkAsync(crowd, reactor, !result.GetValue(after), token);
            await reactor.DelayAsync(TimeSpan.FromSeconds(1));
            if (result.GetValue(warmUp) > 0)
                await fanOut.RunAsync(result.GetValue(warmUp), token);
            FanOutFigures f = await fanOut.RunAsync(result.GetValue(rounds), token);
            Console.WriteLine($"{common.Driver(result).Name}: {f}");
        }, ending));
        return command;
    }
}
