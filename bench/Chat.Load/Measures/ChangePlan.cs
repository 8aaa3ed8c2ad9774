namespace ErlChat.Load.Measures;

/// <summary>
/// How many edits and reactions there are to how many messages. Every listener reacts once to each message: to one message after another,
/// so that many people react to the same message at a time. The edits take turns among the messages.
/// </summary>
internal sealed record ChangePlan
{
    internal required int Listeners { get; init; }

    internal required int Messages { get; init; }

    /// <summary>Edits of each message.</summary>
    internal required int EditsPerMessage { get; init; }

    /// <summary>How long it takes to send everything, at a steady rate.</summary>
    internal required TimeSpan Time { get; init; }

    internal int Edits => Messages * EditsPerMessage;

    internal int Reactions => Messages * Listeners;

    internal int MessageOfEdit(int edit) => edit % Messages;

    /// <summary>The last edit of a message, whose text it must have in the end.</summary>
    internal int LastEditOf(int message) => Edits - Messages + message;

    internal int MessageOfReaction(int reaction) => reaction / Listeners;

    internal int ListenerOfReaction(int reaction) => reaction % Listeners;

    internal int ReactionOf(int message, int listener) => message * Listeners + listener;
}
