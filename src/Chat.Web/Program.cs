using ErlChat.Sqlite;
using ErlChat.Web;
using ErlChat.Web.Admin;
using ErlChat.Web.FastLane;
using ErlChat.Web.Hosting;

if (args is ["admin-password", ..])
    return AdminPasswordTool.Run(Console.In, Console.Out, Console.Error);
if (args is ["log", ..])
    return LogTool.RunAtConsole(args[1..], LogSetup.PathOf(args[1..]));

LaneSetup.PreferInlineSockets();
try
{
    await using WebApplication app = ChatServer.Build(args);
    app.OpenLog();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailure.TryExplain(e, out IReadOnlyList<string> failures))
{
    foreach (string failure in failures)
        await Console.Error.WriteLineAsync(failure);
    return 1;
}
