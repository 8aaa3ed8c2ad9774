using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary><c>changes</c>: edits and reactions in one room. Only for our server: the others have nothing of the kind.</summary>
internal static class ChangesVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(1000, choosesPeer: false);
        Option<int> messages = NumberOption.Create("--messages", 10, 1, 100, "How many messages; each listener reacts to each.");
        Option<int> edits = NumberOption.Create("--edits", 100, 1, 1000, "How often each message is edited.");
        Option<int> seconds = NumberOption.Create("--seconds", 10, 1, 3600, "How long it takes to send all of it.");
        var command = new Command(
            "changes", "N listeners react to M messages, which are edited meanwhile: delivered a second, latency, what is wrong.")
        {
            messages, edits, seconds,
        };
        common.AddTo(command);
        command.SetAction(async (result, ending) =>
        {
            var plan = new ChangePlan
            {
                Listeners = common.Polls(result),
                Messages = result.GetValue(messages),
                EditsPerMessage = result.GetValue(edits),
                Time = TimeSpan.FromSeconds(result.GetValue(seconds)),
            };
            ChangeFigures? figures = null;
            int code = await common.Run(
                result, async (reactor, peer, token) => figures = await Changes.RunAsync(reactor, peer, plan, token), ending);
            if (figures is not null)
                Console.WriteLine($"comet: {figures}");
            return figures is { Faults: > 0 } ? 1 : code;
        });
        return command;
    }
}
