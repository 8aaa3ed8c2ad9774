using System.CommandLine;
using ErlChat.Load.Verbs;

return await LoadCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
