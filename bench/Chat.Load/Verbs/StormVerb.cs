using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary>
/// <c>storm</c>: all clients come back after a restart. Only for our server: the others have no sessions that survive one.
/// </summary>
internal static class StormVerb
{
    internal static Command Create()
    {
        var common = new CommonOptions(10_000, choosesPeer: false);
        var command = new Command("storm", "All N come back after a crash, and after a stop, of our server with its durable log.");
        common.AddTo(command);
        command.SetAction((result, ending) => common.Guard(result, (reactor, token) =>
            StormRun.RunAsync(
                reactor,
                folder => common.Settings(result, folder),
                common.Polls(result),
                line => Console.WriteLine("comet: " + line),
                token),
            ending));
        return command;
    }
}
