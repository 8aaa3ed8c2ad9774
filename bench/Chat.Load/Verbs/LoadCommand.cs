using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary>The whole command line.</summary>
internal static class LoadCommand
{
    internal static RootCommand Create() => new("Measures an ErlChat server, and others beside it, that it starts itself, on loopback.")
    {
        ParkVerb.Create(),
        FanOutVerb.Create(),
        StreamVerb.Create(),
        ChangesVerb.Create(),
        StormVerb.Create(),
        MixedVerb.Create(),
        TableVerb.Create(),
        ClusterVerb.Create(),
    };
}
