using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary><c>stream</c>: messages at steady rates to one room.</summary>
internal static class StreamVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(1000);
        Option<int> senders = NumberOption.Create("--senders", 10, 1, 1000, "How many take turns to speak.");
        Option<int> seconds = NumberOption.Create("--seconds", 6, 1, 3600, "How long each rate is measured, behind 2 s of warm-up.");
        Option<int[]> rates = NumberOption.CreateMany(
            "--rate", [1, 10, 100, 500], 1, 10_000, "Messages a second; several are measured one after the other.");
        var command = new Command(
            "stream", "S senders at rate R to N listeners: delivered a second, latency, what was lost, repeated, reordered.")
        {
            senders, seconds, rates,
        };
        common.AddTo(command);
        command.SetAction((result, ending) => common.RunStreams(
            result,
            (reactor, peer, report, token) => Streams.RunAsync(
                reactor,
                peer,
                common.Polls(result),
                result.GetValue(senders),
                result.GetRequiredValue(rates),
                TimeSpan.FromSeconds(result.GetValue(seconds)),
                report,
                token),
            ending));
        return command;
    }
}
