using System.CommandLine;
using ErlChat.Load.Verbs;

using var interruption = new Interruption();
int code = await LoadCommand.Create().Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null }, interruption.Token);
return interruption.ExitCode ?? code;
