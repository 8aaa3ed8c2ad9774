namespace ErlChat.Load.Measures;

/// <summary>Who says how much to whom.</summary>
internal sealed record StreamPlan
{
    internal required int Listeners { get; init; }

    /// <summary>Take turns; each has a connection of its own.</summary>
    internal required int Talkers { get; init; }

    /// <summary>Listeners of a room, each with one talker of its own; 0: all are in one room.</summary>
    internal int RoomSize { get; init; }

    /// <summary>Messages a second, all talkers together.</summary>
    internal required double Rate { get; init; }

    internal required TimeSpan Time { get; init; }

    /// <summary>So long messages flow already before anything counts.</summary>
    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    internal int Messages => (int)((WarmUp + Time).TotalSeconds * Rate);

    internal string? RoomOfListener(int number) => RoomSize == 0 ? null : $"r{number / RoomSize}";

    internal string? RoomOfTalker(int number) => RoomSize == 0 ? null : $"r{number}";

    /// <summary>Whether message i is for the listener.</summary>
    internal bool IsFor(int message, int listener) => RoomSize == 0 || message % Talkers == listener / RoomSize;
}
