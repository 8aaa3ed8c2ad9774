using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Telemetry;

/// <summary>
/// Traces of a command's way from the caller to the mailboxes: <c>command</c>, and below it <c>append</c>, <c>apply</c> and <c>deliver</c>.
/// They contain the kind of command, its outcome and how long each part took, but no user and no text.
/// </summary>
/// <remarks>Thread-safe. While nobody listens, it costs one read of a field per command, and no memory.</remarks>
public static class RingTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "ErlChat";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether anyone listens.</summary>
    internal static bool IsOn => s_source.HasListeners();

    /// <summary>Begins a command's span, as a child of the current request's span, if there is one. Null if it is not traced.</summary>
    internal static Activity? Command(Entry entry) => s_source.StartActivity("command")?.SetTag("erlchat.entry", entry.GetType().Name);

    /// <summary>Begins the span of one part of a command; null if the command is not traced.</summary>
    internal static Activity? Part(string name, Activity? command) =>
        command is null ? null : s_source.StartActivity(name, ActivityKind.Internal, command.Context);

    /// <summary>Records the outcome of a command.</summary>
    internal static void End(Activity command, Outcome outcome)
    {
        command.SetTag("erlchat.outcome", outcome is Refused refused ? refused.Why.ToString() : outcome.GetType().Name);
        if (outcome is Refused { Why: Refusal.Unavailable })
            command.SetStatus(ActivityStatusCode.Error);
    }
}
