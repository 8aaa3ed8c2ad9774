using System.CommandLine;
using ErlChat.Load.Verbs;

return await new RootCommand("Measures an ErlChat server, and others beside it, that it starts itself, on loopback.")
{
    ParkVerb.Create(),
    FanOutVerb.Create(),
    StreamVerb.Create(),
    StormVerb.Create(),
    MixedVerb.Create(),
    TableVerb.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
