namespace ErlChat.Load.Drivers.SignalR;

/// <summary>ASP.NET Core SignalR, restricted to long polling: <c>bench/peers/SignalRPeer</c>.</summary>
internal sealed class SignalRDriver : IDriver
{
    private const string Program = "bench/peers/SignalRPeer/bin/Release/net10.0/SignalRPeer.dll";

    public string Name => "signalr";

    public string? Missing => Repository.TryFind(Program) is null ? "needs: dotnet build bench/peers/SignalRPeer -c Release" : null;

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        (Dictionary<string, string> environment, string? heapFile) = HeapWatch.Create();
        return new SignalRPeer(await ServerProcess.StartAsync(
            new ServerStart
            {
                Program = "dotnet",
                Arguments =
                [
                    Repository.Find(Program, "Build it."), "--urls", $"http://127.0.0.1:{settings.Port}",
                    "--Logging:LogLevel:Default=Warning",
                ],
                Port = settings.Port,
                ReadyPath = "/ready",
                Environment = environment,
                HeapFile = heapFile,
            },
            cancellationToken));
    }
}
