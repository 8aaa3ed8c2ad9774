using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary><c>park</c>: how much memory a parked poll uses.</summary>
internal static class ParkVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(CommonOptions.MostPolls);
        Option<int> deliveries = NumberOption.Create("--deliveries", 100_000, 0, 10_000_000, "Deliveries between the two weighings.");
        var command =
            new Command("park", "Park N polls; the server's private memory for each, fresh and after many deliveries.") { deliveries };
        common.AddTo(command);
        command.SetAction((result, ending) => common.Run(result, async (reactor, peer, token) =>
        {
            string name = common.Driver(result).Name;
            await Parked.RunAsync(
                reactor, peer, common.Polls(result), result.GetValue(deliveries), line => Console.WriteLine($"{name}: {line}"), token);
        }, ending));
        return command;
    }
}
