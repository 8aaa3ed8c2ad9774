using System.CommandLine;
using ErlChat.Terminal.Verbs;

var root = new RootCommand("The chat at the terminal. The default verb is chat.")
{
    ChatVerb.Create(),
    HistoryVerb.Create(),
    PingVerb.Create(),
    NodesVerb.Create(),
    FlackVerb.Create(),
};
return await VerbLine.RunAsync(root, args);
