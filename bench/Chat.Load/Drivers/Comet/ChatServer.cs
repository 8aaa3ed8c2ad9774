namespace ErlChat.Load.Drivers.Comet;

/// <summary>Starts this repository's server with limits that let a whole machine of clients in.</summary>
internal static class ChatServer
{
    internal static Task<ServerProcess> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        string program = settings.Server
            ?? Repository.Find(
                "src/Chat.Web/bin/Release/net10.0/Chat.Web.dll", "Build the server first: dotnet build src/Chat.Web -c Release");
        string[] log = settings switch
        {
            { Node: { } node } =>
            [
                "--Log:Kind=Postgres", $"--Log:Connection={node.Connection}", $"--Node:Name={node.Name}", $"--Node:Cookie={node.Cookie}",
            ],
            { DataFolder: { } folder } => ["--Log:Kind=Sqlite", $"--Log:Path={folder}/chat.db"],

            // A history of the default size drops the messages to which thousands react.
            _ => ["--Log:Kind=Memory", "--Chat:HistoryBytesPerRoom=67108864"],
        };

        // The tool measures the server's memory seconds after a burst, but by default the server takes a minute to return memory. An older
        // build does not have the option.
        string[] trim = settings.Server is null ? ["--Chat:TrimPausePercent=100"] : [];
        (Dictionary<string, string> environment, string? heapFile) = HeapWatch.Create();
        return ServerProcess.StartAsync(
            new ServerStart
            {
                Program = "dotnet",
                Arguments =
                [
                    program, "--urls", $"http://127.0.0.1:{settings.Port}", "--Chat:MaxSessionsPerHost=1000000",
                    "--Chat:RateLimitCount=100000", "--Chat:PollTimeout=00:09:00", "--Chat:IdleLimit=01:00:00",
                    "--Flack:MaxConnections=1000000", "--Flack:IdleLimit=01:00:00", "--Peer:Port=0", "--Limits:Enabled=false",
                    "--Logging:LogLevel:Default=Warning", .. log, .. trim, .. settings.ServerArguments,
                ],
                Port = settings.Port,
                ReadyPath = "/readyz",
                Environment = environment,
                HeapFile = heapFile,
            },
            cancellationToken);
    }
}
