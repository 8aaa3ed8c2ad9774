using System.Globalization;

namespace ErlChat.Load.Table;

/// <summary>Runs everything, says each figure as soon as there is one, and keeps them for the table.</summary>
/// <param name="scale">Divides all numbers of people and deliveries.</param>
internal sealed class BenchTable(Budget budget, Func<string?, PeerSettings> settings, int scale)
{
    internal const string Basis = "nchan";
    internal const int Most = 18_500;
    internal const int Many = 10_000;
    private const int Deliveries = 100_000;

    private static readonly string[] s_all = ["comet", "nchan", "signalr", "floor"];
    private static readonly TimeSpan s_phase = TimeSpan.FromSeconds(200);

    internal ResultTable Results { get; } = new([.. s_all, "flack"], Basis);

    /// <summary>What could not be measured, and why; and what went wrong besides.</summary>
    internal List<string> Notes { get; } = [];

    internal void RunAll()
    {
        foreach (string peer in s_all)
            Park(peer, Many / scale, fanOut: true);
        foreach (string peer in s_all)
            Park(peer, Most / scale);
        foreach (string peer in new[] { "comet", Basis, "signalr" })
            Stream(peer, 1000 / scale);
        Storm(Many / scale);
        foreach (int polls in new[] { 1000 / scale, 5000 / scale })
        {
            Grow("comet", polls);
            Grow(Basis, polls);
        }

        foreach (string peer in new[] { "comet", Basis, "signalr", "flack" })
            Rooms(peer, 100 / scale, 50);
        Park("flack", 1000 / scale, fanOut: true);
    }

    internal static string Fresh(int polls) => Row($"KB a poll, fresh, {polls:N0} parked");

    internal static string Used(int polls) => Row($"KB a poll after {Deliveries:N0} deliveries, {polls:N0} parked");

    internal static string Last(int polls) => Row($"one message to {polls:N0}: last served, ms");

    internal static string Cpu(int polls) => Row($"one message to {polls:N0}: server CPU a delivery, µs");

    internal static string Back(int polls) => Row($"{polls:N0} come back after a crash: last served, ms");

    private void Park(string name, int polls, bool fanOut = false) => Run(
        name,
        async (reactor, peer, token) =>
        {
            ParkedFigures figures = await Parked.RunAsync(reactor, peer, polls, Deliveries / scale, line => Say(name, line), token);
            Results.Set(Fresh(polls), name, figures.FreshKilobytes);
            Results.Set(Used(polls), name, figures.UsedKilobytes);
            if (figures.Used.Heap is { } heap)
                Results.Set(Row($"- of it GC heap, {polls:N0} parked"), name, heap / 1024.0 / polls);
            if (fanOut)
                Add(name, polls, figures);
        });

    /// <summary>The same figures for fewer polls, without the many deliveries.</summary>
    private void Grow(string name, int polls) => Run(name, async (reactor, peer, token) =>
    {
        ParkedFigures figures = await Parked.RunAsync(reactor, peer, polls, 13 * polls, line => Say(name, line), token);
        Results.Set(Fresh(polls), name, figures.FreshKilobytes);
        Add(name, polls, figures);
    });

    private void Stream(string name, int listeners) => Run(
        name,
        (reactor, peer, token) => Streams.RunAsync(
            reactor,
            peer,
            listeners,
            talkers: 10,
            rates: [1, 10, 100, 500],
            TimeSpan.FromSeconds(5),
            figures => Add(name, $"{figures.Rate:F0} messages/s to {listeners:N0}", figures),
            token));

    private void Rooms(string name, int rooms, int people) => Run(name, async (reactor, peer, token) =>
        Add(name, Row($"{rooms} rooms of {people}, 100 messages/s"), await Streams.RunRoomsAsync(reactor, peer, rooms, people, 100, TimeSpan.FromSeconds(5), token)));

    private void Storm(int listeners) => Guard("comet", (reactor, token) => StormAsync(reactor, listeners, token));

    private async Task StormAsync(Reactor reactor, int listeners, CancellationToken token)
    {
        (StormFigures crash, StormFigures stop) = await StormRun.RunAsync(reactor, settings, listeners, line => Say("comet", line), token);
        Results.Set(Back(listeners), "comet", crash.Last);
        Results.Set(Row($"{listeners:N0} come back after a stop, when told: last served, ms"), "comet", stop.Last);
        if (stop.Cut > 0)
            Notes.Add($"{stop.Cut} polls were cut when the server stopped.");
    }

    private void Add(string name, int polls, ParkedFigures figures)
    {
        if (figures.FanOut is not { } times)
            return;
        Results.Set(Row($"one message to {polls:N0}: half served, ms"), name, times.Median);
        Results.Set(Row($"one message to {polls:N0}: 99 % served, ms"), name, times.Late);
        Results.Set(Last(polls), name, times.Last);
        Results.Set(Cpu(polls), name, times.Cpu);
    }

    private void Add(string name, string what, StreamFigures figures)
    {
        Say(name, $"{what}: {figures}");
        Results.Set($"{what}: delivered/s", name, figures.Delivered);
        Results.Set($"{what}: p50, ms", name, figures.Median);
        Results.Set($"{what}: p99, ms", name, figures.Late);
        Results.Set($"{what}: messages an answer", name, figures.ItemsPerAnswer);
        Results.Set($"{what}: server CPU a delivery, µs", name, figures.Cpu);
        if (figures.Lost + figures.Repeated + figures.Reordered + figures.Out > 0)
            Notes.Add($"{name}, {what}: {figures.Lost} not delivered {Measures.Stream.Drain.TotalSeconds:F0} s after the end, {figures.Repeated} repeated, {figures.Reordered} reordered, {figures.Out} turned away {figures.WhyOut}");
    }

    private void Run(string name, Func<Reactor, IPeer, CancellationToken, Task> measure)
    {
        if (budget.For(s_phase) is var limit && limit > TimeSpan.Zero)
            PeerRun.Run(DriverList.Find(name), settings(null), limit, measure, Complain);
        else
            Complain($"{name}: a measure left out, no time for it.");
    }

    private void Guard(string name, Func<Reactor, CancellationToken, Task> measure)
    {
        if (budget.For(s_phase) is var limit && limit > TimeSpan.Zero)
            PeerRun.Guard(name, limit, measure, Complain);
        else
            Complain($"{name}: a measure left out, no time for it.");
    }

    private void Say(string name, string line) => Console.WriteLine($"{budget.Spent.TotalSeconds,4:F0} s  {name,-7} {line}");

    private void Complain(string why)
    {
        Console.WriteLine($"{budget.Spent.TotalSeconds,4:F0} s  {why}");
        if (!Notes.Contains(why))
            Notes.Add(why);
    }

    private static string Row(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
