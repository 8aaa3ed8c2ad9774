using System.CommandLine;
using ErlChat.Load.Verbs;

return new RootCommand("Measures an ErlChat server, and others beside it, that it starts itself, on loopback.")
{
    ParkVerb.Create(),
    FanOutVerb.Create(),
    StreamVerb.Create(),
    MixedVerb.Create(),
}.Parse(args).Invoke();
