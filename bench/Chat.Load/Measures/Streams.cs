namespace ErlChat.Load.Measures;

/// <summary>Streams at one rate after another, to the same listeners of the same server, and to many rooms.</summary>
internal static class Streams
{
    /// <summary>
    /// How long a stream runs before the first one that is reported. During that time the server compiles its code. Otherwise slow rates
    /// would charge that to their few deliveries.
    /// </summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    internal static async Task RunAsync(
        Reactor reactor,
        IPeer peer,
        int listeners,
        int talkers,
        IReadOnlyList<int> rates,
        TimeSpan time,
        Action<StreamFigures> report,
        CancellationToken cancellationToken)
    {
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, listeners, talkers, cancellationToken: cancellationToken);
        await crowd.EnterAsync(cancellationToken);

        var plan = new StreamPlan { Listeners = listeners, Talkers = talkers, Rate = 50, Time = s_warmUp };
        await new Stream(reactor, crowd, plan, firstNumber: 1).RunAsync(park: true, cancellationToken);
        int number = 1 + plan.Messages;
        foreach (int rate in rates)
        {
            plan = new StreamPlan { Listeners = listeners, Talkers = talkers, Rate = rate, Time = time };
            report(await new Stream(reactor, crowd, plan, number).RunAsync(park: false, cancellationToken));
            number += plan.Messages;
        }
    }

    /// <summary>Each room has one talker. All rooms together send at the given rate.</summary>
    internal static async Task<StreamFigures> RunRoomsAsync(
        Reactor reactor, IPeer peer, int rooms, int people, double rate, TimeSpan time, CancellationToken cancellationToken)
    {
        var plan = new StreamPlan { Listeners = rooms * people, Talkers = rooms, RoomSize = people, Rate = rate, Time = s_warmUp };
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, plan, cancellationToken);
        await crowd.EnterAsync(cancellationToken);
        await new Stream(reactor, crowd, plan, firstNumber: 1).RunAsync(park: true, cancellationToken);
        return await new Stream(reactor, crowd, plan with { Time = time }, 1 + plan.Messages).RunAsync(park: false, cancellationToken);
    }
}
