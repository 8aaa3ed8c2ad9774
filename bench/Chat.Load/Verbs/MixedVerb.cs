using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary><c>mixed</c>: many rooms at once.</summary>
internal static class MixedVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(null);
        Option<int> rooms = NumberOption.Create("--rooms", 100, 1, 1000, "How many rooms, each with one more who speaks.");
        Option<int> people = NumberOption.Create("--people", 50, 1, 5000, "Listeners in each room.");
        Option<int> rate = NumberOption.Create("--rate", 100, 1, 10_000, "Messages a second, all rooms together.");
        Option<int> seconds = NumberOption.Create("--seconds", 10, 1, 3600, "How long, behind 2 s of warm-up.");
        var command = new Command(
            "mixed", "R rooms of M people, all talking: delivered a second, latency, what was lost, repeated, reordered.")
        {
            rooms, people, rate, seconds,
        };
        common.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetNumber(rooms) * (result.GetNumber(people) + 1) > CommonOptions.MostPolls)
                result.AddError($"That is more than {CommonOptions.MostPolls} people.");
            if (common.FindDriver(result) is { HasRooms: false } driver)
                result.AddError($"{driver.Name} has no rooms.");
        });
        command.SetAction((result, ending) => common.RunStreams(
            result,
            async (reactor, peer, report, token) => report(await Streams.RunRoomsAsync(
                reactor,
                peer,
                result.GetValue(rooms),
                result.GetValue(people),
                result.GetValue(rate),
                TimeSpan.FromSeconds(result.GetValue(seconds)),
                token)),
            ending));
        return command;
    }
}
