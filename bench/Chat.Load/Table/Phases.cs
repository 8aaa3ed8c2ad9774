namespace ErlChat.Load.Table;

/// <summary>Runs the phases of a table one after another, prints what they say, and remembers what went wrong.</summary>
/// <param name="limit">The most time for a phase.</param>
/// <param name="ours">The name under which our server is reported: only its failures count.</param>
internal sealed class Phases(Budget budget, TimeSpan limit, string ours, CancellationToken ending)
{
    /// <summary>With less time than this left, a phase would only get started.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(15);

    /// <summary>What could not be measured, and why, and any other problems.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>Whether something of ours was not measured, or missed its target.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Measures a freshly started peer.</summary>
    internal void Run(string name, string what, PeerSettings settings, Func<Reactor, IPeer, CancellationToken, Task> measure)
    {
        if (LimitOf(name, what) is { } time)
            PeerRun.Run(DriverList.Find(name), settings, time, measure, why => Complain(name, what, why), ending);
    }

    /// <summary>Runs a measurement that starts its own servers.</summary>
    /// <param name="lastWords">What the servers said last, to explain a failure.</param>
    internal void Run(string name, string what, Func<Reactor, CancellationToken, Task> measure, Func<string>? lastWords = null)
    {
        if (LimitOf(name, what) is { } time)
            PeerRun.Guard(name, time, measure, why => Complain(name, what, lastWords?.Invoke() is { Length: > 0 } words
                ? $"{why} The last words of its servers: {words}"
                : why), ending);
    }

    internal void Say(string name, string line) => Console.WriteLine($"{budget.Spent.TotalSeconds,4:F0} s  {name,-7} {line}");

    internal void Complain(string name, string what, string why)
    {
        HasFailed |= name == ours;
        string note = $"{name}, {what}: {(why.StartsWith(name + ": ", StringComparison.Ordinal) ? why[(name.Length + 2)..] : why)}";
        Console.WriteLine($"{budget.Spent.TotalSeconds,4:F0} s  {note}");
        Notes.Add(note);
    }

    /// <summary>Reports what was lost or wrong in a stream, if anything was.</summary>
    internal void Check(string name, string what, StreamFigures figures)
    {
        if (figures.Faults > 0)
        {
            Complain(
                name,
                what,
                FormattableString.Invariant($"{figures.Lost} not delivered {Measures.Stream.Drain.TotalSeconds:F0} s after the end, ")
                + $"{figures.Repeated} repeated, {figures.Reordered} reordered, "
                + $"{figures.Astray} astray, {figures.Dropped} turned away {figures.DropReason}");
        }
    }

    private TimeSpan? LimitOf(string name, string what)
    {
        TimeSpan time = budget.For(limit);
        if (time >= s_shortest)
            return time;
        Complain(name, what, "left out, no time for it.");
        return null;
    }
}
