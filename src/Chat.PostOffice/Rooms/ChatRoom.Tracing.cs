using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Telemetry;

namespace ErlChat.Rooms;

/// <content>A command that somebody may want to trace.</content>
public sealed partial class ChatRoom
{
    private async Task<Outcome> TraceAsync(Entry entry)
    {
        using Activity? trace = RingTracing.Command(entry);
        Outcome outcome = await ExecuteAsync(entry, trace);
        if (trace is not null)
            RingTracing.End(trace, outcome);
        return outcome;
    }
}
