using ErlChat.Sqlite;
using ErlChat.Web;
using ErlChat.Web.Admin;
using ErlChat.Web.Assets;
using ErlChat.Web.CommandLine;
using ErlChat.Web.FastLane;
using ErlChat.Web.Starting;
using ErlChat.Web.Stopping;
using ErlChat.Web.Storage;

if (args is ["admin-password"])
{
    Func<ConsoleKeyInfo>? nextKey = Console.IsInputRedirected ? null : static () => Console.ReadKey(intercept: true);
    return AdminPasswordTool.Run(Console.In, Console.Out, Console.Error, nextKey);
}

var commands = new ProgramCommands(ChatServer.Options, static args => ChatServer.Compose(args));
if (args is not ["log", ..] && commands.TryRun(args, Console.Out, Console.Error) is { } code)
    return code;

try
{
    if (args is ["log", ..])
        return LogTool.RunAtConsole(args[1..], LogSetup.PathOf(args[1..]));
    if (args is [AppointTool.Command, ..])
        return await AppointTool.RunAsync(args[1..], static options => ChatServer.Compose(options), Console.Out, Console.Error);
    await using WebApplication app = ChatServer.Build(args);

    // The setting holds for all sockets of the process, so PostgreSQL's driver would run on the socket threads too. If it waited there for
    // another socket, or for a thread that does, nothing would be received any more.
    if (!LogSetup.IsShared(app.Configuration))
        LaneSetup.PreferInlineSockets();
    StopLimit.Watch(app);
    app.PrepareAssets();
    await app.OpenLogAsync();
    await app.RunAsync();

    // 0, unless something that stopped the server has set it.
    return Environment.ExitCode;
}
catch (OperationCanceledException)
{
    // The server was stopped before its start was complete.
    return 0;
}
catch (Exception e) when (StartFailure.TryExplain(e, out IReadOnlyList<string> failures))
{
    foreach (string failure in failures)
        await Console.Error.WriteLineAsync(failure);
    return 1;
}
