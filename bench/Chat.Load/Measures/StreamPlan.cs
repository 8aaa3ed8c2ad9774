namespace ErlChat.Load.Measures;

/// <summary>Which talkers send how much to which listeners.</summary>
internal sealed record StreamPlan
{
    internal required int Listeners { get; init; }

    /// <summary>The talkers take turns, and each has a separate connection.</summary>
    internal required int Talkers { get; init; }

    /// <summary>The number of listeners per room, where each room has one talker. 0 if all are in one room.</summary>
    internal int RoomSize { get; init; }

    /// <summary>Messages per second, from all talkers together.</summary>
    internal required double Rate { get; init; }

    internal required TimeSpan Time { get; init; }

    /// <summary>How long messages are sent before anything counts.</summary>
    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether latency counts from the actual sending, up to a millisecond after the scheduled time. For a few milliseconds, that is more
    /// accurate. It hides nothing as long as the sender never waits for the server.
    /// </summary>
    internal bool CountsFromSending { get; init; }

    internal int Messages => (int)((WarmUp + Time).TotalSeconds * Rate);

    internal string? RoomOfListener(int number) => RoomSize == 0 ? null : $"r{number / RoomSize}";

    internal string? RoomOfTalker(int number) => RoomSize == 0 ? null : $"r{number}";

    /// <summary>Whether the message with this number is for this listener.</summary>
    internal bool IsFor(int message, int listener) => RoomSize == 0 || message % Talkers == listener / RoomSize;
}
