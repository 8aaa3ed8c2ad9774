using System.CommandLine;
using System.CommandLine.Parsing;

namespace ErlChat.Load.Verbs;

/// <summary>Options of all verbs: which peer, how many, which build of the server.</summary>
internal sealed class CommonOptions
{
    internal const int MostPolls = 18_500;

    private readonly Option<string> _peer = new("--peer") { Description = "Which server to measure.", DefaultValueFactory = _ => "comet" };
    private readonly Option<int>? _polls;
    private readonly bool _choosesPeer;
    private readonly Option<FileInfo?> _server = new("--server") { Description = "A build of our server (Chat.Web.dll) instead of this repository's." };
    private readonly Option<string[]> _arguments = new("--server-arg") { Description = "An option for our server, like --Chat:PollTimeout=00:01:00; can be repeated." };
    private readonly Option<int> _limit = NumberOption.Create("--limit", 300, 1, 3600, "Seconds after which a verb gives up.");

    /// <param name="polls">How many listeners unless the command line says so; null when the verb has other words for it.</param>
    /// <param name="choosesPeer">Whether the verb takes <c>--peer</c>.</param>
    internal CommonOptions(int? polls, bool choosesPeer = true)
    {
        _choosesPeer = choosesPeer;
        _polls = polls is { } n ? NumberOption.Create("-n", n, 1, MostPolls, "How many listeners, each with one parked poll.") : null;
        _peer.AcceptOnlyFromAmong([.. DriverList.All.Select(driver => driver.Name)]);
    }

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option?[] { _choosesPeer ? _peer : null, _polls, _server, _arguments, _limit }.OfType<Option>())
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (_polls is not null && FindDriver(result) is { } driver && result.GetNumber(_polls) > driver.MostListeners)
                result.AddError($"{driver.Name} takes {driver.MostListeners} listeners at the most.");
        });
    }

    /// <summary>The peer, for a check; null when the verb takes none, when only help is asked for (there is not even the default then), and when it does not exist, which has been refused already.</summary>
    internal IDriver? FindDriver(CommandResult result)
    {
        string? peer = _choosesPeer ? result.GetValue(_peer) : null;
        return DriverList.All.FirstOrDefault(driver => driver.Name == peer);
    }

    internal IDriver Driver(ParseResult result) => DriverList.Find(result.GetRequiredValue(_peer));

    internal int Polls(ParseResult result) => result.GetValue(_polls!);

    internal PeerSettings Settings(ParseResult result, string? dataFolder = null) => new()
    {
        Server = result.GetValue(_server)?.FullName,
        ServerArguments = result.GetValue(_arguments) ?? [],
        DataFolder = dataFolder,
    };

    /// <summary>Runs a measure that starts its servers by itself.</summary>
    internal Task<int> Guard(ParseResult result, Func<Reactor, CancellationToken, Task> measure, CancellationToken cancellationToken) =>
        Task.FromResult(PeerRun.Guard("comet", TimeSpan.FromSeconds(result.GetValue(_limit)), measure, Console.Error.WriteLine, cancellationToken) ? 0 : 1);

    /// <summary>Starts the peer, runs the measure on a reactor, ends the peer; tells a failure in one line.</summary>
    internal Task<int> Run(ParseResult result, Func<Reactor, IPeer, CancellationToken, Task> measure, CancellationToken cancellationToken) =>
        Task.FromResult(PeerRun.Run(Driver(result), Settings(result), TimeSpan.FromSeconds(result.GetValue(_limit)), measure, Console.Error.WriteLine, cancellationToken) ? 0 : 1);

    /// <summary>The same for streams, which fail too when anything was lost, repeated or in disorder.</summary>
    internal async Task<int> RunStreams(ParseResult result, Func<Reactor, IPeer, Action<StreamFigures>, CancellationToken, Task> measure, CancellationToken cancellationToken)
    {
        bool faultless = true;
        int code = await Run(
            result,
            (reactor, peer, token) => measure(
                reactor,
                peer,
                figures =>
                {
                    Console.WriteLine($"{Driver(result).Name}: {figures}");
                    faultless &= figures.Faults == 0;
                },
                token),
            cancellationToken);
        return faultless ? code : 1;
    }
}
