using System.Collections;

namespace ErlChat.Load.Measures;

/// <summary>
/// Records which listener received which message of a plan: what was repeated, out of order, or not meant for that listener, and what is
/// missing.
/// </summary>
internal sealed class Tally
{
    private readonly StreamPlan _plan;
    private readonly BitArray[] _have;
    private readonly int[] _newest;

    internal Tally(StreamPlan plan)
    {
        _plan = plan;
        _have = [.. Enumerable.Range(0, plan.Listeners).Select(_ => new BitArray(plan.Messages))];
        _newest = new int[plan.Listeners * plan.Talkers];
        _newest.AsSpan().Fill(-1);
        Expected = Enumerable.Range(0, plan.RoomSize == 0 ? 1 : plan.Listeners / plan.RoomSize)
            .Sum(room => (long)(plan.RoomSize == 0 ? plan.Listeners : plan.RoomSize)
                * Enumerable.Range(0, plan.Messages).Count(message => plan.IsFor(message, room * plan.RoomSize)));
    }

    /// <summary>The number of deliveries that make the plan complete.</summary>
    internal long Expected { get; }

    /// <summary>How many of them arrived.</summary>
    internal long Received { get; private set; }

    internal long Lost => Expected - Received;

    internal long Repeated { get; private set; }

    /// <summary>Messages that arrived after a later one from the same talker.</summary>
    internal long Reordered { get; private set; }

    /// <summary>Messages for a room that the listener is not in.</summary>
    internal long Astray { get; private set; }

    /// <summary>Records a message. Returns whether the listener was waiting for it.</summary>
    internal bool Add(int listener, int message)
    {
        if (!_plan.IsFor(message, listener))
        {
            Astray++;
            return false;
        }

        if (_have[listener][message])
        {
            Repeated++;
            return false;
        }

        _have[listener][message] = true;
        Received++;
        ref int newest = ref _newest[listener * _plan.Talkers + message % _plan.Talkers];
        if (message < newest)
            Reordered++;
        newest = Math.Max(newest, message);
        return true;
    }
}
