using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Telemetry;

/// <summary>
/// Traces of a command's way round the ring: <c>command</c>, and below it <c>append</c>, <c>apply</c> and <c>deliver</c>. They say what
/// kind of command it was, what came of it and how long each part took; never who it was, or what was said.
/// </summary>
/// <remarks>Thread-safe. While nobody listens it costs one read of a field for each command, and no memory.</remarks>
public static class RingTracing
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "ErlChat";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsOn => s_source.HasListeners();

    /// <summary>
    /// Begins a command's span, below that of the request that is being answered, if there is one. Null when it is not to be traced.
    /// </summary>
    internal static Activity? Command(Entry entry) => s_source.StartActivity("command")?.SetTag("erlchat.entry", entry.GetType().Name);

    /// <summary>Begins a part of a command's way; null when the command is not traced.</summary>
    internal static Activity? Part(string name, Activity? command) =>
        command is null ? null : s_source.StartActivity(name, ActivityKind.Internal, command.Context);

    /// <summary>Writes down what came of a command.</summary>
    internal static void End(Activity command, Outcome outcome)
    {
        command.SetTag("erlchat.outcome", outcome is Refused refused ? refused.Why.ToString() : outcome.GetType().Name);
        if (outcome is Refused { Why: Refusal.Unavailable })
            command.SetStatus(ActivityStatusCode.Error);
    }
}
