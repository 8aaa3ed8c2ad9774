using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>Runs everything, prints each figure as soon as it is known, and stores the figures for the table.</summary>
/// <param name="scale">Divides all numbers of clients and deliveries.</param>
internal sealed class BenchTable(Budget budget, Func<string?, PeerSettings> settings, int scale, CancellationToken ending)
{
    internal const string Ours = "comet";
    internal const string Basis = "nchan";
    internal const int Most = 18_500;
    internal const int Many = 10_000;
    private const int Deliveries = 100_000;

    private static readonly string[] s_all = [Ours, Basis, "signalr", "floor"];
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(200);

    private readonly Phases _phases = new(budget, s_phase, Ours, ending);

    internal ResultTable Results { get; } = new([.. s_all, "flack"], Basis);

    /// <inheritdoc cref="Phases.Notes"/>
    internal IReadOnlyList<string> Notes => _phases.Notes;

    /// <inheritdoc cref="Phases.HasFailed"/>
    internal bool HasFailed => _phases.HasFailed;

    internal void RunAll()
    {
        foreach (string peer in s_all)
            Park(peer, Many / scale);
        foreach (string peer in s_all)
            Park(peer, Most / scale);
        foreach (string peer in new[] { Ours, Basis, "signalr" })
            Stream(peer, 1000 / scale);
        ChangesTo(1000 / scale);
        Storm(Many / scale);
        foreach (string peer in new[] { Ours, Basis, "flack" })
            Park(peer, 1000 / scale);
        foreach (string peer in new[] { Ours, Basis })
            Park(peer, 5000 / scale);
        foreach (string peer in new[] { Ours, Basis, "signalr", "flack" })
            Rooms(peer, 100 / scale, 50);
    }

    internal static string Fresh(int polls) => Row($"KB a poll, fresh, {polls:N0} parked");

    internal static string Used(int polls, int scale) => Row($"KB a poll after {Deliveries / scale:N0} deliveries, {polls:N0} parked");

    internal static string Last(int polls) => Row($"one message to {polls:N0}: last served, ms");

    internal static string Cpu(int polls) => Row($"one message to {polls:N0}: server CPU a delivery, µs");

    internal static string BackFromCrash(int polls) => Row($"{polls:N0} come back after a crash: last served, ms");

    internal static string BackFromStop(int polls) => Row($"{polls:N0} come back after a stop, when told: last served, ms");

    private void Park(string name, int polls) => Run(name, Row($"{polls:N0} parked"), async (reactor, peer, token) =>
    {
        ParkedFigures figures = await Parked.RunAsync(reactor, peer, polls, Deliveries / scale, line => Say(name, line), token);
        Results.Set(Fresh(polls), name, figures.FreshKilobytes);
        Results.Set(Used(polls, scale), name, figures.UsedKilobytes);
        if (figures.Used.Heap is { } heap)
            Results.Set(Row($"- of it GC heap then, {polls:N0} parked"), name, heap / 1024.0 / polls);
        Results.Set(Row($"KB a poll, the most there ever was in memory, {polls:N0} parked"), name, figures.PeakKilobytes);
        if (figures.FanOut is { } times)
            Add(name, polls, times);
    });

    private void Stream(string name, int listeners) => Run(
        name,
        Row($"streams to {listeners:N0}"),
        (reactor, peer, token) => Streams.RunAsync(
            reactor,
            peer,
            listeners,
            talkers: 10,
            rates: [1, 10, 100, 500],
            TimeSpan.FromSeconds(5),
            figures => Add(name, Row($"{figures.Rate:F0} messages/s to {listeners:N0}"), figures),
            token));

    private void ChangesTo(int listeners)
    {
        var plan = new ChangePlan
        {
            Listeners = listeners,
            Messages = 10,
            EditsPerMessage = Math.Max(100 / scale, 1),
            Time = TimeSpan.FromSeconds(10),
        };
        string what = Row($"{plan.Reactions:N0} reactions and {plan.Edits:N0} edits to {listeners:N0}");
        Run(Ours, what, async (reactor, peer, token) => Add(what, await Changes.RunAsync(reactor, peer, plan, token)));
    }

    private void Rooms(string name, int rooms, int people)
    {
        string what = Row($"{rooms} rooms of {people}, 100 messages/s");
        Run(name, what, async (reactor, peer, token) => Add(
            name, what, await Streams.RunRoomsAsync(reactor, peer, rooms, people, 100, TimeSpan.FromSeconds(5), token)));
    }

    private void Storm(int listeners) =>
        _phases.Run(Ours, Row($"{listeners:N0} come back"), (reactor, token) => StormAsync(reactor, listeners, token));

    private async Task StormAsync(Reactor reactor, int listeners, CancellationToken token)
    {
        (StormFigures crash, StormFigures stop) = await StormRun.RunAsync(reactor, settings, listeners, line => Say(Ours, line), token);
        Results.Set(BackFromCrash(listeners), Ours, crash.Last);
        Results.Set(BackFromStop(listeners), Ours, stop.Last);
        if (stop.Cut > 0)
            _phases.Complain(Ours, "stop", $"{stop.Cut} polls were cut.");
    }

    private void Add(string name, int polls, FanOutFigures times)
    {
        Results.Set(Row($"one message to {polls:N0}: half served, ms"), name, times.Median);
        Results.Set(Row($"one message to {polls:N0}: 99 % served, ms"), name, times.Late);
        Results.Set(Last(polls), name, times.Last);
        Results.Set(Cpu(polls), name, times.Cpu);
        Results.Set(Row($"one message to {polls:N0}: client CPU a delivery, µs"), name, times.ClientCpu);
    }

    private void Add(string name, string what, StreamFigures figures)
    {
        Say(name, $"{what}: {figures}");
        Results.Set($"{what}: delivered/s", name, figures.Delivered);
        Results.Set($"{what}: lost, repeated, reordered, astray", name, figures.Faults);
        Results.Set($"{what}: p50, ms", name, figures.Median);
        Results.Set($"{what}: p99, ms", name, figures.Late);
        Results.Set($"{what}: messages an answer", name, figures.ItemsPerAnswer);
        Results.Set($"{what}: server CPU a delivery, µs", name, figures.Cpu);
        _phases.Check(name, what, figures);
    }

    private void Add(string what, ChangeFigures figures)
    {
        Say(Ours, figures.ToString());
        Results.Set($"{what}: items delivered/s", Ours, figures.Delivered);
        Results.Set($"{what}: reactions an item", Ours, figures.ReactionsPerItem);
        Results.Set($"{what}: lost, repeated, reordered, wrong in the end", Ours, figures.Faults);
        Results.Set($"{what}: p99 of edits, ms", Ours, figures.LateOfEdits);
        Results.Set($"{what}: p99 of reactions, ms", Ours, figures.LateOfReactions);
        Results.Set($"{what}: server CPU an item, µs", Ours, figures.Cpu);
        if (figures.Faults > 0)
            _phases.Complain(Ours, what, figures.ToString());
    }

    private void Run(string name, string what, Func<Reactor, IPeer, CancellationToken, Task> measure) =>
        _phases.Run(name, what, settings(null), measure);

    private void Say(string name, string line) => _phases.Say(name, line);

    private static string Row(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
