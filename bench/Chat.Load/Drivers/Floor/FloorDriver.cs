namespace ErlChat.Load.Drivers.Floor;

/// <summary>The minimal epoll server in C, compiled when it is started: <c>bench/peers/floor/floor.c</c>.</summary>
internal sealed class FloorDriver : IDriver
{
    public string Name => "floor";

    public string? Missing => Commands.Exists("gcc") ? null : "needs the packages gcc and libc6-dev";

    public bool HasRooms => false;

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        string source = Repository.Find("bench/peers/floor/floor.c", "It is part of the repository.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("erlchat-floor-");
        try
        {
            string program = Path.Combine(folder.FullName, "floor");
            if (await Commands.RunAsync("gcc", ["-O2", "-o", program, source], cancellationToken) is null)
                throw new IOException("gcc did not compile floor.c");
            ServerProcess server = await ServerProcess.StartAsync(
                new ServerStart { Program = program, Arguments = [$"{settings.Port}"], Port = settings.Port, ReadyPath = "/ready" },
                cancellationToken);
            return new FloorPeer(server, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }
}
