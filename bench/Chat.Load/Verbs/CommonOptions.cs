using System.CommandLine;
using System.CommandLine.Parsing;

namespace ErlChat.Load.Verbs;

/// <summary>Options that all verbs share: which peer, how many listeners, which build of the server.</summary>
internal sealed class CommonOptions
{
    internal const int MostPolls = 18_500;

    private readonly Option<string> _peer = new("--peer") { Description = "Which server to measure.", DefaultValueFactory = _ => "comet" };
    private readonly Option<int>? _polls;
    private readonly bool _choosesPeer;
    private readonly Option<FileInfo?> _server =
        new("--server") { Description = "A build of our server (Chat.Web.dll) instead of this repository's." };
    private readonly Option<string[]> _arguments =
        new("--server-arg") { Description = "An option for our server, like --Chat:PollTimeout=00:01:00; can be repeated." };
    private readonly Option<int> _limit = NumberOption.Create("--limit", 300, 1, 3600, "Seconds after which a verb gives up.");

    /// <param name="polls">The default number of listeners. Null when the verb has other options for it.</param>
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

    /// <summary>
    /// The peer, for validation. Null when the verb takes none, when only help is requested (then not even the default is available), and
    /// when the peer does not exist, which has already been reported.
    /// </summary>
    internal IDriver? FindDriver(CommandResult result)
    {
        string? peer = _choosesPeer ? result.GetValue(_peer) : null;
        return DriverList.All.FirstOrDefault(driver => driver.Name == peer);
    }

    /// <summary>The peer to measure: our server if the verb takes no other.</summary>
    internal IDriver Driver(ParseResult result) => DriverList.Find(_choosesPeer ? result.GetRequiredValue(_peer) : "comet");

    internal int Polls(ParseResult result) => result.GetValue(_polls!);

    /// <summary>How long a measurement may take.</summary>
    internal TimeSpan Limit(ParseResult result) => TimeSpan.FromSeconds(result.GetValue(_limit));

    internal PeerSettings Settings(ParseResult result, string? dataFolder = null, NodeSettings? node = null) => new()
    {
        Server = result.GetValue(_server)?.FullName,
        ServerArguments = result.GetValue(_arguments) ?? [],
        DataFolder = dataFolder,
        Node = node,
    };

    /// <summary>Runs a measurement that starts its own servers.</summary>
    internal Task<int> Guard(ParseResult result, Func<Reactor, CancellationToken, Task> measure, CancellationToken cancellationToken) =>
        Task.FromResult(PeerRun.Guard(
            "comet", Limit(result), measure, Console.Error.WriteLine, cancellationToken)
            ? 0
            : 1);

    /// <summary>Starts the peer, runs the measurement on a reactor, and stops the peer. Reports a failure in one line.</summary>
    internal Task<int> Run(
        ParseResult result, Func<Reactor, IPeer, CancellationToken, Task> measure, CancellationToken cancellationToken) =>
        Task.FromResult(PeerRun.Run(
            Driver(result),
            Settings(result),
            Limit(result),
            measure,
            Console.Error.WriteLine,
            cancellationToken)
            ? 0
            : 1);

    /// <summary>The same for streams, which also fail if anything was lost, repeated or out of order.</summary>
    internal async Task<int> RunStreams(
        ParseResult result,
        Func<Reactor, IPeer, Action<StreamFigures>, CancellationToken, Task> measure,
        CancellationToken cancellationToken)
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
